import { defaultPayloadConverter } from '@temporalio/common';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ObserveInput } from '../../../src/activities/watching/observe.js';
import { hypercareFor } from '../../support/hypercare-for.js';
import { WorkflowLab, type GoLiveHandle } from '../../support/workflow-lab.js';

let lab: WorkflowLab;
beforeAll(async () => {
  lab = await WorkflowLab.open();
});
afterAll(() => lab.close());

const MINUTE = 60_000;

test('signs of life are as rare as the looks: eager in the rollout, each three seconds and then each twelve in the calm of hypercare', async () => {
  const room = await lab.room((plan) => ({
    ...plan,
    hypercare: {
      ...hypercareFor(2 * 60 * MINUTE),
      windows: [
        { until: 30 * MINUTE, every: 10_000 },
        { until: 2 * 60 * MINUTE, every: MINUTE },
      ],
    },
  }));
  const handle = await room.start();
  expect(await handle.result()).toMatchObject({ outcome: 'completed' });
  const signs = await signsOf(handle);
  expect(signs.every(({ beatMs, timeoutMs }) => beatMs <= 0.6 * timeoutMs)).toBe(true);
  expect(new Set(signs.filter(({ pace }) => pace === undefined).map(({ timeoutMs }) => timeoutMs))).toEqual(
    new Set([5_000]),
  );
  expect(signs.find(({ pace }) => pace === 10_000)).toMatchObject({ beatMs: 3_000, timeoutMs: 5_000 });
  expect(signs.find(({ pace }) => pace === MINUTE)).toMatchObject({ beatMs: 12_000, timeoutMs: 20_000 });
  // What changes doesn't end it: the next look may be one that decides.
  const coalescing = signs.filter(({ coalesce }) => coalesce).map(({ timeoutMs }) => timeoutMs);
  expect(new Set(coalescing)).toEqual(new Set([5_000]));
  // Its end is near: a report may be wanted at any moment.
  expect(signs.at(-1)).toMatchObject({ beatMs: 250, timeoutMs: 5_000 });
});

/** What each segment was told of its signs of life, in milliseconds. */
async function signsOf(handle: GoLiveHandle) {
  const { events } = await handle.fetchHistory();
  return (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: asked }) => {
    const [payload] = asked?.input?.payloads ?? [];
    if (asked?.activityType?.name !== 'observe' || !payload) return [];
    const { pace, beatMs, coalesce = false } = defaultPayloadConverter.fromPayload<ObserveInput>(payload);
    return [{ pace, coalesce, beatMs: beatMs ?? NaN, timeoutMs: 1_000 * Number(asked.heartbeatTimeout?.seconds) }];
  });
}
