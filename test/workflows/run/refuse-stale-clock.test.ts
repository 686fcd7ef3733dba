import { expect, test } from '@jest/globals';
import { QUERY_AHEAD } from '../../../src/domain/run/query-ahead.js';
import { refuseStaleClock } from '../../../src/workflows/run/refuse-stale-clock.js';

interface Task {
  readonly seconds: number;
  readonly events: number;
  readonly bytes: number;
  readonly isReplaying?: boolean;
}

/** Hands activations of these tasks to one workflow. Returns which were let through, and `refused` for those that were not. */
function activated(...tasks: Task[]): (number | 'refused')[] {
  const interceptor = refuseStaleClock();
  return tasks.map(({ seconds, events, bytes, isReplaying = false }) => {
    const activation = {
      timestamp: { seconds, nanos: 5 },
      historyLength: events,
      historySizeBytes: { toString: () => String(bytes) },
      isReplaying,
    };
    let through = false;
    try {
      interceptor.activate?.({ activation, batchIndex: 0 } as never, () => void (through = true));
    } catch (error) {
      expect((error as Error).message).toContain(QUERY_AHEAD);
      return 'refused';
    }
    expect(through).toBe(true);
    return events;
  });
}

test('events with the clock of the task before them are refused, and let through with their own', () => {
  expect(
    activated(
      { seconds: 1, events: 3, bytes: 100, isReplaying: true },
      { seconds: 1, events: 12, bytes: 100 },
      { seconds: 9, events: 14, bytes: 700 },
    ),
  ).toEqual([3, 'refused', 14]);
});

test.each([
  [
    'a replay',
    [
      { seconds: 1, events: 3, bytes: 100 },
      { seconds: 1, events: 12, bytes: 100, isReplaying: true },
    ],
  ],
  [
    'a task within the same moment',
    [
      { seconds: 1, events: 3, bytes: 100 },
      { seconds: 1, events: 12, bytes: 300 },
    ],
  ],
  [
    'the parts of one activation',
    [
      { seconds: 1, events: 3, bytes: 100 },
      { seconds: 1, events: 3, bytes: 100 },
    ],
  ],
  [
    'a task after another',
    [
      { seconds: 1, events: 3, bytes: 100 },
      { seconds: 2, events: 5, bytes: 100 },
    ],
  ],
  ['the first task', [{ seconds: 1, events: 3, bytes: 0 }]],
])('%s is let through', (_, tasks) => {
  expect(activated(...tasks)).toEqual(tasks.map(({ events }) => events));
});
