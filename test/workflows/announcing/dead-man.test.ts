import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { thorough } from '../../support/thorough.js';
import { enableTimeSkipping, fastForwardTo } from '../../support/time-skipping.js';
import { scheduled, statusWhen, whatHappened, WorkflowLab } from '../../support/workflow-lab.js';

let lab: WorkflowLab;
beforeAll(async () => {
  lab = await WorkflowLab.open();
});
afterAll(() => lab.close());

const monitored = { deadMan: { url: 'https://monitor.example/ping/s3cret', every: 60_000 } };

thorough('pings go on from the opening to the end, also while it waits to begin, and fill no history', async () => {
  const room = await lab.room((plan) => ({ ...plan, ...monitored }));
  const handle = await room.start({
    input: { startAt: new Date(Date.now() + 6 * 3_600_000).toISOString() },
    until: '1h',
  });
  expect(await statusWhen(handle, ({ deadMan }) => deadMan !== undefined)).toMatchObject({
    phase: 'scheduled',
    deadMan: { pingedAt: expect.any(String) },
  });
  await fastForwardTo(lab.client, handle.workflowId, '5h');
  const before = await scheduled(handle, 'keepAlive');
  expect(before).toBeLessThan(5 * 6 + 10);
  await enableTimeSkipping(lab.client, handle.workflowId);
  expect(await handle.result()).toMatchObject({ outcome: 'completed' });
  expect(await scheduled(handle, 'keepAlive')).toBeGreaterThan(before + 6);
});

test('one that fails is shown, delays nothing, and its end is told', async () => {
  const room = await lab.room((plan) => ({ ...plan, ...monitored }));
  room.world.pings = { failing: 'the monitor answered 404' };
  const handle = await room.start({ until: '8m' });
  expect(await statusWhen(handle, ({ stages }) => stages[1]?.state === 'soaking')).toMatchObject({
    deadMan: { failing: 'the monitor answered 404' },
    blind: [],
    holds: [],
  });
  expect(await handle.query('__temporal_workflow_metadata')).toMatchObject({
    currentDetails: expect.stringContaining("**The dead man's ping fails**: the monitor answered 404"),
  });
  room.world.pings = { agoMs: 1_000 };
  await enableTimeSkipping(lab.client, handle.workflowId);
  const result = await handle.result();
  expect(result.outcome).toBe('completed');
  expect(whatHappened(result).filter((what) => what.includes("dead man's"))).toEqual([
    "the dead man's ping fails: the monitor answered 404",
    "the dead man's ping is taken again",
  ]);
});

thorough('without a monitor nothing pings', async () => {
  const room = await lab.room();
  const handle = await room.start();
  expect((await handle.result()).outcome).toBe('completed');
  expect(await scheduled(handle, 'keepAlive')).toBe(0);
});
