import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { thorough } from '../../support/thorough.js';
import { enableTimeSkipping, fastForwardTo } from '../../support/time-skipping.js';
import {
  decide,
  openHold,
  scheduled,
  statusWhen,
  whatHappened,
  WorkflowLab,
  type GoLiveHandle,
} from '../../support/workflow-lab.js';

let lab: WorkflowLab;
beforeAll(async () => {
  lab = await WorkflowLab.open();
});
afterAll(() => lab.close());

const handOver = (handle: GoLiveHandle, more: object = {}) =>
  handle.executeUpdate<string, [object]>('handOver', {
    args: [{ to: 'Bea', by: 'Ana', reason: 'end of shift', ...more }],
  });
const answer = (handle: GoLiveHandle, by: string, choice: string) =>
  handle.executeUpdate<string, [object]>('decide', { args: [{ hold: 'handover', choice, by, reason: 'I am here' }] });
const why = (refused: Promise<unknown>) =>
  refused.then(
    () => 'it was not refused',
    (error: { cause?: Error }) => error.cause?.message,
  );
const toTheEnd = async (handle: GoLiveHandle) => {
  await enableTimeSkipping(lab.client, handle.workflowId);
  return handle.result();
};

test('the owner changes when the new one accepts: in status, memo and messages', async () => {
  const room = await lab.room();
  const handle = await room.start({ until: '2m' });
  expect(await handOver(handle)).toBe(
    `Bea is asked; until it is accepted Ana stays the decision owner. To answer:\n  golive decide ${room.environment} --hold handover --choice accept --by Bea\n  golive decide ${room.environment} --hold handover --choice decline --by Bea`,
  );
  expect(await openHold(handle, 'handover')).toMatchObject({
    by: ['Bea'],
    choices: ['accept', 'decline'],
    reason: 'Ana hands the decisions of this go-live over to Bea: end of shift. Until Bea accepts, Ana decides.',
  });
  await statusWhen(handle, () =>
    room.world.pages.some((page) => page.includes('--hold handover --choice accept --by Bea')),
  );
  expect(await handle.query('status')).toMatchObject({ decisionOwner: 'Ana' });
  expect(await why(answer(handle, 'Ana', 'accept'))).toBe('The hold "handover" is answered by Bea, not by Ana.');
  await answer(handle, 'Bea', 'accept');
  expect(await statusWhen(handle, ({ holds }) => holds.length === 0)).toMatchObject({ decisionOwner: 'Bea' });
  expect((await handle.describe()).memo).toMatchObject({ goLive: { decisionOwner: 'Bea' } });
  expect(whatHappened(await toTheEnd(handle))).toContain('the decision owner is now Bea, before Ana');
  expect(room.world.messages).toContain(
    'ARIS3 release RC.3: the decision owner is now Bea. Handed over by Ana (end of shift), accepted by Bea (I am here).',
  );
});

thorough('a handover that is open holds nothing up, leaves watching as it is, and ends with the run', async () => {
  const room = await lab.room();
  const handle = await room.start({ until: '2m' });
  await handOver(handle);
  await fastForwardTo(lab.client, handle.workflowId, '20m');
  const before = await scheduled(handle, 'observe');
  await fastForwardTo(lab.client, handle.workflowId, '45m');
  expect(await statusWhen(handle, () => true)).toMatchObject({
    phase: 'hypercare',
    holds: [{ id: 'handover', pages: 5 }],
  });
  // All is calm: a report comes when something changes. A question that counts would want one each ten minutes.
  expect((await scheduled(handle, 'observe')) - before).toBeLessThanOrEqual(1);
  const result = await toTheEnd(handle);
  expect(result.outcome).toBe('completed');
  expect(whatHappened(result)).toContain('hold handover closed: no answer needed any more');
  expect(await handle.query('status')).toMatchObject({ decisionOwner: 'Ana', holds: [] });
});

thorough('who declines leaves the owner', async () => {
  const room = await lab.room();
  const handle = await room.start({ until: '2m' });
  await handOver(handle);
  await answer(handle, 'Bea', 'decline');
  await statusWhen(handle, ({ holds }) => holds.length === 0);
  const result = await toTheEnd(handle);
  expect(whatHappened(result)).toContain('Bea declined; Ana stays the decision owner');
  expect(room.world.messages.filter((text) => text.includes('decision owner is now'))).toEqual([]);
});

thorough('a second handover replaces the first, whose answer comes too late even in the same moment', async () => {
  const room = await lab.stoppable.room();
  const handle = await room.start({ until: '2m' });
  await handOver(handle);
  let late: Promise<string | undefined> = Promise.resolve('');
  await room.withoutWorkflows(async () => {
    void handOver(handle, { to: 'Cid' });
    await new Promise((next) => setTimeout(next, 200));
    late = why(answer(handle, 'Bea', 'accept'));
    await new Promise((next) => setTimeout(next, 200));
  });
  expect(await late).toBe('The hold "handover" is answered by Cid, not by Bea.');
  const { holds } = await statusWhen(handle, ({ holds: [first] }) => first?.by?.[0] === 'Cid');
  expect(holds).toHaveLength(1);
  await answer(handle, 'Cid', 'accept');
  await statusWhen(handle, ({ decisionOwner }) => decisionOwner === 'Cid');
  const told = whatHappened(await toTheEnd(handle));
  expect(told).toContain('the handover to Bea is replaced by one to Cid');
  expect(told.filter((what) => what.startsWith('the decision owner is now'))).toEqual([
    'the decision owner is now Cid, before Ana',
  ]);
});

thorough('an answer that came first in the moment in which another handover replaces it counts', async () => {
  const room = await lab.stoppable.room();
  const handle = await room.start({ until: '2m' });
  await handOver(handle);
  let accepted: Promise<unknown> = Promise.resolve();
  await room.withoutWorkflows(async () => {
    accepted = answer(handle, 'Bea', 'accept');
    await new Promise((next) => setTimeout(next, 200));
    void handOver(handle, { to: 'Cid' });
    await new Promise((next) => setTimeout(next, 200));
  });
  expect(await accepted).toContain('accept');
  expect(await statusWhen(handle, ({ holds: [first] }) => first?.by?.[0] === 'Cid')).toMatchObject({
    decisionOwner: 'Bea',
    holds: [{ reason: expect.stringContaining('Until Cid accepts, Bea decides') as unknown }],
  });
  await answer(handle, 'Cid', 'accept');
  const told = whatHappened(await toTheEnd(handle));
  expect(told.filter((what) => what.startsWith('the decision owner is now'))).toEqual([
    'the decision owner is now Bea, before Ana',
    'the decision owner is now Cid, before Bea',
  ]);
});

test('a handover is taken back by naming the owner', async () => {
  const room = await lab.room();
  const handle = await room.start({ until: '2m' });
  await handOver(handle, { to: 'Beaa' });
  expect(await handOver(handle, { to: 'Ana' })).toBe('Ana stays the decision owner; nobody is asked any more');
  await statusWhen(handle, ({ holds, decisionOwner }) => holds.length === 0 && decisionOwner === 'Ana');
  await handle.terminate();
});

test('works during a rollback, too', async () => {
  const room = await lab.room();
  room.world.ends['rollback'] = { kind: 'exited', exitCode: 1 };
  const handle = await room.start({ until: '2m' });
  await handOver(handle);
  await handle.signal('abort', { by: 'Ana', reason: 'enough' });
  await openHold(handle, 'rollback-failed');
  await openHold(handle, 'handover');
  await answer(handle, 'Bea', 'accept');
  await statusWhen(handle, ({ decisionOwner }) => decisionOwner === 'Bea');
  await decide(handle, 'rollback-failed', 'take-over');
  expect(await handle.result()).toMatchObject({ outcome: 'rollback-failed' });
});

test("what can't be a handover is refused with what is expected", async () => {
  const room = await lab.room();
  const handle = await room.start({ until: '2m' });
  expect(await why(handOver(handle, { to: 'Ana' }))).toBe('Ana is the decision owner already.');
  expect(await why(handOver(handle, { to: '`x`' }))).toMatch(
    /^A handover is \{"to","by","reason"\}: to: must be a name/,
  );
  expect(await why(handOver(handle, { reason: '' }))).toBe(
    'A handover is {"to","by","reason"}: reason: must not be empty.',
  );
  expect(await why(handle.executeUpdate('handOver'))).toMatch(/^A handover is/);
  await handle.terminate();
});
