import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Reading } from '../../../src/domain/watching/reading.js';
import { goodReading } from '../../support/simulated-watch.js';
import { thorough } from '../../support/thorough.js';
import { withSoak } from '../../support/with-soak.js';
import { enableTimeSkipping, fastForwardTo } from '../../support/time-skipping.js';
import {
  decide,
  momentOf,
  openHold,
  statusWhen,
  whatHappened,
  WorkflowLab,
  type GoLiveHandle,
  type Room,
} from '../../support/workflow-lab.js';

let lab: WorkflowLab;
beforeAll(async () => {
  lab = await WorkflowLab.open();
});
afterAll(() => lab.close());

const MINUTE = 60_000;
const said = { by: 'Bea', reason: 'the tills wait' };
const toTheEnd = async (handle: GoLiveHandle) => {
  await enableTimeSkipping(lab.client, handle.workflowId);
  return handle.result();
};

/** Long soaks, so that promoting is worth it, and a room where one check reads this until the test says otherwise. */
async function longSoak(check?: string, reading?: Reading): Promise<{ room: Room; heal: () => void }> {
  const room = await lab.room((plan) => withSoak(plan, { min: 20 * MINUTE, max: 40 * MINUTE, settle: 2 * MINUTE }));
  let ill = reading !== undefined;
  let deployed = false;
  room.world.during = (name) => (deployed ||= name === 'deploy-canary.1');
  room.world.readings = (each) => (ill && deployed && each.name === check ? (reading as Reading) : goodReading(each));
  return { room, heal: () => void (ill = false) };
}

test('promote ends the soak under way, and no other', async () => {
  const { room } = await longSoak();
  const handle = await room.start({ until: '10m' });
  await handle.signal('promote', said);
  const result = await toTheEnd(handle);
  expect(result.outcome).toBe('completed');
  expect(momentOf(result, 'deploying rolling-25') - momentOf(result, 'soaking canary')).toBeLessThan(
    11 * MINUTE + 5_000,
  );
  expect(momentOf(result, 'deploying rolling-100') - momentOf(result, 'soaking rolling-25')).toBeGreaterThanOrEqual(
    20 * MINUTE,
  );
  expect(whatHappened(result)).toEqual(
    expect.arrayContaining(['Bea wants canary promoted: the tills wait', 'promoted by Bea: the tills wait']),
  );
});

test('a wish that comes before any worker has begun the segment is heard: the next one looks at once', async () => {
  const room = await lab.stoppable.room((plan) =>
    withSoak(plan, { min: 20 * MINUTE, max: 40 * MINUTE, settle: 2 * MINUTE }),
  );
  const handle = await room.start({ until: '10m' });
  await room.stopObserving();
  await handle.signal('pause', said);
  await handle.signal('resume', said); // ends the segment under way; the next one waits for a worker
  await statusWhen(handle, ({ paused }) => paused === undefined);
  await handle.signal('promote', said);
  await statusWhen(handle, () => true);
  await room.startObserving();
  const result = await toTheEnd(handle);
  expect(momentOf(result, 'promoted by Bea') - momentOf(result, 'Bea wants canary promoted')).toBeLessThan(MINUTE / 2);
});

thorough.each([
  [
    'a breach clock that runs',
    'p95',
    { kind: 'value', value: 612 },
    /^promote by Bea \(the tills wait\) ignored: latency runs at service: p95 612 ms > 500 ms for \d+m( \d+s)? of 15m; /,
  ],
  [
    'a blind check',
    'error-rate',
    { kind: 'none', text: 'ECONNREFUSED' },
    /^promote by Bea \(the tills wait\) ignored: .*error-rate at service is blind/,
  ],
] as const)('%s refuses it, with the reason on record; when that is over it works', async (_, check, reading, why) => {
  const { room, heal } = await longSoak(check, reading);
  const handle = await room.start({ until: '6m' });
  await handle.signal('promote', said);
  await fastForwardTo(lab.client, handle.workflowId, '8m');
  expect(await handle.query<{ what: string }[]>('timeline')).toContainEqual(
    expect.objectContaining({ what: expect.stringMatching(why) as unknown as string }),
  );
  expect(room.world.executed).not.toContain('deploy-rolling-25.1');
  heal();
  await fastForwardTo(lab.client, handle.workflowId, '12m');
  expect(room.world.executed).not.toContain('deploy-rolling-25.1');
  await handle.signal('promote', said);
  const result = await toTheEnd(handle);
  expect(result.outcome).toBe('completed');
  expect(momentOf(result, 'deploying rolling-25') - momentOf(result, 'soaking canary')).toBeLessThan(15 * MINUTE);
});

thorough("a guardrail that is left is the promoter's business", async () => {
  const { room, heal } = await longSoak('p95', { kind: 'value', value: 400 });
  const handle = await room.start({ until: '6m' });
  await handle.signal('promote', said);
  await fastForwardTo(lab.client, handle.workflowId, '9m');
  await statusWhen(handle, () => room.world.executed.includes('deploy-rolling-25.1'));
  heal();
  expect(await toTheEnd(handle)).toMatchObject({ outcome: 'completed' });
});

thorough('where no soak is in progress it is ignored', async () => {
  const room = await lab.room((plan) => ({
    ...plan,
    stages: plan.stages.map((stage) => (stage.name === 'rolling-25' ? { ...stage, gate: 'Are errors low?' } : stage)),
  }));
  room.world.ends['deploy-canary'] = 'hangs';
  const handle = await room.start();
  await statusWhen(handle, ({ commands }) => commands.some(({ step }) => step === 'deploy-canary'));
  await handle.signal('promote', said);
  await statusWhen(handle, () => true);
  room.world.release('deploy-canary.1');
  await openHold(handle, 'gate-rolling-25');
  await handle.signal('promote', said);
  await statusWhen(handle, ({ phase }) => phase === 'soaking');
  expect(room.world.executed).not.toContain('deploy-rolling-25.1');
  await decide(handle, 'gate-rolling-25', 'go');
  const result = await handle.result();
  expect(result.outcome).toBe('completed');
  expect(
    whatHappened(result).filter((what) => what === 'promote by Bea (the tills wait) ignored: no soak is in progress'),
  ).toHaveLength(2);
});

thorough('while the soak asks its question it changes nothing, and whoever extends is not overruled', async () => {
  const room = await lab.room();
  let ill = true;
  room.world.readings = (each) =>
    ill && each.name === 'p95' && room.world.executed.includes('deploy-canary.1')
      ? { kind: 'value', value: 400 }
      : goodReading(each);
  const handle = await room.start();
  await openHold(handle, 'soak-canary');
  await handle.signal('promote', said);
  ill = false;
  await decide(handle, 'soak-canary', 'extend');
  const result = await handle.result();
  expect(whatHappened(result)).toContain(
    'promote by Bea (the tills wait) ignored: the soak of canary waits for an answer to its hold',
  );
  expect(momentOf(result, 'deploying rolling-25') - momentOf(result, 'Bea decided soak-canary')).toBeGreaterThanOrEqual(
    5 * MINUTE,
  );
});

thorough('that comes just before the question is told that it came too late', async () => {
  const room = await lab.room();
  room.world.readings = (each) =>
    each.name === 'p95' && room.world.executed.includes('deploy-canary.1')
      ? { kind: 'value', value: 400 }
      : goodReading(each);
  // A report of its own is missing when the soak comes to its maximum.
  const handle = await room.start({ until: '9m59s' });
  await handle.signal('promote', said);
  await enableTimeSkipping(lab.client, handle.workflowId);
  await statusWhen(
    handle,
    ({ holds }) => holds.some(({ id }) => id === 'soak-canary') || room.world.executed.includes('deploy-rolling-25.1'),
  );
  const told = (await handle.query<{ what: string }[]>('timeline'))
    .map(({ what }) => what)
    .filter((what) => /promote.* by Bea/.test(what));
  expect(told).toHaveLength(1);
  await handle.terminate();
});

thorough('while paused it is refused, and after resume it works', async () => {
  const { room } = await longSoak();
  const handle = await room.start({ until: '6m' });
  await handle.signal('pause', said);
  await handle.signal('promote', said);
  await fastForwardTo(lab.client, handle.workflowId, '10m');
  await handle.signal('resume', said);
  await fastForwardTo(lab.client, handle.workflowId, '16m');
  expect((await handle.query<{ what: string }[]>('timeline')).map(({ what }) => what)).toContain(
    'promote by Bea (the tills wait) ignored: paused by Bea',
  );
  expect(room.world.executed).not.toContain('deploy-rolling-25.1');
  await handle.signal('promote', said);
  const result = await toTheEnd(handle);
  expect(momentOf(result, 'deploying rolling-25') - momentOf(result, 'soaking canary')).toBeLessThan(30 * MINUTE);
});
