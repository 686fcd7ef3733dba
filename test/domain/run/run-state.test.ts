import { expect, test } from '@jest/globals';
import { handedOver, newState, type RunState } from '../../../src/domain/run/run-state.js';
import { notReported } from '../../../src/domain/watching/watch-state.js';

const BEGAN = '2026-03-01T02:00:00.000Z';
const observed = Array.from({ length: 50 }, (_, index) => ({ from: 10 * index, to: 10 * index + 5 }));
const known: Required<Pick<RunState, 'paused' | 'promotion' | 'foundLive' | 'madeOf'>> & RunState = {
  ...newState(BEGAN, 'Ana'),
  course: { is: 'hypercare' },
  paused: { by: 'Ana', reason: 'lunch', at: BEGAN },
  promotion: { by: 'Ana', reason: 'clean', at: 1 },
  foundLive: 'RC.9',
  madeOf: {},
  watching: {
    watches: [{ name: 'service', checks: notReported([], 7, 3), sight: { observed, lastUnclean: 4 }, news: [1] }],
    gaps: [{ check: 'p95', target: 'service', from: BEGAN }],
    accepted: ['p95 at service'],
  },
};

test('what a run hands over is all it knows, as plain data', () => {
  const before = structuredClone(known);
  const { watching, ...rest } = handedOver(known);
  const { watching: all, ...others } = known;
  expect(rest).toEqual(others);
  expect(watching).toEqual({
    ...all,
    watches: all.watches.map((watch) => ({ ...watch, sight: { ...watch.sight, observed: observed.slice(-20) } })),
  });
  expect(JSON.parse(JSON.stringify(handedOver(known)))).toEqual(handedOver(known));
  // The run goes on with what it knows, should it not end after all.
  expect(known).toEqual(before);
});

test('no two runs share what they know', () => {
  const [one, other] = [newState(BEGAN, 'Ana'), newState(BEGAN, 'Ana')];
  one.timeline.last.push({ at: BEGAN, what: 'begun' });
  one.watching.gaps = [{ check: 'p95', target: 'service', from: BEGAN }];
  expect(other).toEqual(newState(BEGAN, 'Ana'));
});
