import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Plan } from '../../../src/domain/plan/plan.js';
import { hypercareFor } from '../../support/hypercare-for.js';
import { thorough } from '../../support/thorough.js';
import { enableTimeSkipping, fastForwardTo } from '../../support/time-skipping.js';
import { updateOnItsWay } from '../../support/update-on-its-way.js';
import {
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

const long = (plan: Plan): Plan => ({
  ...plan,
  hypercare: hypercareFor(72 * 3_600_000),
  triggers: [
    ...plan.triggers.filter(({ name }) => name !== 'p1-alert'),
    { name: 'p1-alert', external: true, for: 0, action: 'rollback' },
  ],
});
const said = { release: 'RC.4', by: 'Ana', reason: 'totals are wrong' };
const supersede = (handle: GoLiveHandle, more: object = {}) =>
  handle.executeUpdate<string, [object]>('supersede', { args: [{ ...said, ...more }] });
type Answering = Awaited<ReturnType<typeof updateOnItsWay>>;
const why = (refused: Promise<unknown>) =>
  refused.then(
    () => 'it was not refused',
    (error: { cause?: Error }) => error.cause?.message,
  );
const inHypercare = async (room: Room): Promise<GoLiveHandle> => {
  const handle = await room.start({ until: '5h' });
  await statusWhen(handle, ({ phase }) => phase === 'hypercare');
  return handle;
};

test('ends hypercare and nothing else, answered; and the hotfix starts at once', async () => {
  const room = await lab.room(long);
  const handle = await inHypercare(room);
  const executed = [...room.world.executed];
  expect(await supersede(handle)).toBe('hypercare of RC.3 ends, superseded by RC.4; nothing is rolled back');
  const result = await handle.result();
  expect(result).toMatchObject({
    outcome: 'completed',
    summary: 'hypercare of RC.3 ended early, superseded by RC.4, Ana: totals are wrong',
    supersededBy: said,
  });
  expect(result.stop).toBeUndefined();
  expect(room.world.executed).toEqual(executed);
  expect(room.world.messages.at(-1)).toBe(
    'ARIS3 release RC.3: hypercare ended by a hotfix. Superseded by RC.4, Ana: totals are wrong',
  );
  const hotfix = await room.start({ input: { release: 'RC.4', previousRelease: 'RC.3' }, until: '1m' });
  expect(hotfix.workflowId).toBe(handle.workflowId);
  await statusWhen(hotfix, ({ release, stages }) => release === 'RC.4' && stages[0]?.state === 'soaking');
  await hotfix.terminate();
});

thorough('an open question is no obstacle, and is on record', async () => {
  const room = await lab.room((plan) => ({
    ...long(plan),
    triggers: long(plan).triggers.map((each) =>
      each.name === 'p1-alert' ? { ...each, action: 'ask' as const } : each,
    ),
  }));
  const handle = await inHypercare(room);
  await handle.signal('alert', { trigger: 'p1-alert', state: 'firing' });
  await openHold(handle, 'trigger-p1-alert');
  await supersede(handle);
  const result = await handle.result();
  expect(result.outcome).toBe('completed');
  expect(whatHappened(result)).toContain('superseded by RC.4, Ana: totals are wrong; open then: trigger-p1-alert');
});

thorough('outside hypercare it is refused, with what to do instead', async () => {
  const room = await lab.room(long);
  const handle = await room.start({ until: '2m' });
  expect(await why(supersede(handle))).toBe(
    `Only hypercare is superseded, and RC.3 is in the phase soaking. To stop it: golive abort ${room.environment} (rolls back to RC.2).`,
  );
  await fastForwardTo(lab.client, handle.workflowId, '5h');
  expect(await why(supersede(handle, { release: 'RC.3' }))).toContain('RC.3 is the release that is in hypercare now');
  expect(await why(supersede(handle, { release: 'RC.2' }))).toContain(
    `To go back to it: golive abort ${room.environment}`,
  );
  expect(await why(supersede(handle, { release: 'a b', by: undefined }))).toMatch(
    /^Superseding is \{"release","by","reason"\}: release: must be the release tag of the hotfix; by: /,
  );
  await handle.signal('pause', { by: 'Bea', reason: 'wait' });
  await statusWhen(handle, ({ paused }) => paused !== undefined);
  expect(await why(supersede(handle))).toContain(`It is paused by Bea: golive resume ${room.environment}`);
  await handle.terminate();
});

const stops: Record<string, (handle: GoLiveHandle) => Promise<unknown>> = {
  'an abort by signal': (handle) => handle.signal('abort', { by: 'Bea', reason: 'enough' }),
  'an abort by update': (handle) => updateOnItsWay(handle, 'requestAbort', { by: 'Bea', reason: 'enough' }),
  'an alert': (handle) => handle.signal('alert', { trigger: 'p1-alert', state: 'firing' }),
  'a cancellation': (handle) => handle.cancel(),
};

// Signals of one moment are handled before its updates: an abort by signal is always before.
thorough.each(Object.keys(stops).filter((name) => name !== 'an abort by signal'))(
  '%s in the same moment, after it, changes nothing and is told so',
  async (name) => {
    const room = await lab.stoppable.room(long);
    const handle = await inHypercare(room);
    let superseding: Answering | undefined;
    let stopped: unknown;
    await room.withoutWorkflows(async () => {
      superseding = await updateOnItsWay(handle, 'supersede', said);
      stopped = await stops[name]!(handle);
    });
    expect(await superseding?.answer).toContain('superseded by RC.4');
    const result = await handle.result();
    expect(result).toMatchObject({ outcome: 'completed', supersededBy: said });
    expect(room.world.executed).not.toContain('rollback.1');
    if (name === 'an abort by update')
      expect(await (stopped as Answering).answer).toMatchObject({
        accepted: false,
        next: 'this go-live has ended, superseded by RC.4; nothing is left to abort',
      });
  },
);

thorough.each(['an abort by signal', 'an alert'])(
  '%s in the same moment, before it, rolls back, and the update is refused',
  async (name) => {
    const room = await lab.stoppable.room(long);
    const handle = await inHypercare(room);
    let superseding: Answering | undefined;
    await room.withoutWorkflows(async () => {
      await stops[name]!(handle);
      superseding = await updateOnItsWay(handle, 'supersede', said);
    });
    const told = await why(superseding?.answer ?? Promise.resolve());
    await enableTimeSkipping(lab.client, handle.workflowId).catch(() => undefined); // it may have ended by then
    const result = await handle.result();
    if (name === 'an abort by signal') {
      expect(told).toContain('It is being stopped (Bea: enough)');
      expect(result).toMatchObject({ outcome: 'rolled-back' });
    } else expect(result.outcome).toBe(String(told).includes('being stopped') ? 'rolled-back' : 'completed');
  },
);
