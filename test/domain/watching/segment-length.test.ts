import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { runs } from '../../support/property-runs.js';
import { hypercareFor } from '../../support/hypercare-for.js';
import { oneLook, segmentLength } from '../../../src/domain/watching/segment-length.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const plan = {
  stages: [{ soak: { min: 5 * MINUTE, max: 10 * MINUTE, settle: 2 * MINUTE } }] as never,
  hypercare: hypercareFor(72 * 60 * MINUTE),
};
const checks = [{ kind: 'probe' as const, name: 'health', path: '/health', every: 10_000, timeout: 5_000 }];

test('72 hours of hypercare are fewer than 150 segments', () => {
  let segments = 0;
  for (let elapsed = 0; elapsed < plan.hypercare.for; segments += 1)
    elapsed += segmentLength(plan, checks, 'hypercare', elapsed);
  expect(segments).toBeLessThan(150);
});

test('a hypercare that can not end is looked at as rarely as one that goes on', () => {
  let segments = 0;
  for (let elapsed = plan.hypercare.for; elapsed < 2 * plan.hypercare.for; segments += 1)
    elapsed += segmentLength(plan, checks, 'hypercare', elapsed);
  expect(segments).toBeLessThan(100);
});

const rules = [{ kind: 'contracts' as const, name: 'contracts', every: 300_000, timeout: 20_000 }];
const soak = (min: number, settle: number) => ({
  ...plan,
  stages: [{ soak: { min, max: 10 * MINUTE, settle } }] as never,
});
const soaking = (settle: number) => [soak(5 * MINUTE, settle), checks, 'soaking', 0] as const;
const quietSoak = (settle: number) => [...soaking(settle), 0, 'when something changes'] as const;
const windows = { ...plan, hypercare: { ...plan.hypercare, windows: [{ until: 8 * HOUR, every: 30_000 }] } };
const reviews = { ...plan, hypercare: { ...plan.hypercare, reviews: { from: 24 * HOUR, every: 2 * HOUR } } };
const END = plan.hypercare.for;

test.each<[string, number, Parameters<typeof segmentLength>]>([
  ['a soak', MINUTE, [plan, checks, 'soaking', 0]],
  ['a soak of less than a minute', 59_999, [soak(59_999, 2 * MINUTE), checks, 'soaking', 0]],
  ['one that settles in less', 30_000, [soak(5 * MINUTE, 30_000), checks, 'soaking', 0]],
  ['one that settles in less, all calm', MINUTE, [...quietSoak(30_000), 3 * MINUTE]],
  ['the same, but something is not', 30_000, [...soaking(30_000), 0, 'at reviews', 3 * MINUTE]],
  ['the same, up to its end', 45_000, [...quietSoak(30_000), 45_000]],
  ['the same, when its end is not known', 30_000, [...quietSoak(30_000)]],
  ['the same with a question', MINUTE, [...soaking(2 * MINUTE), 1, 'when something changes', 3 * MINUTE]],
  ['a stage without a soak', MINUTE, [{ ...plan, stages: [{}] as never }, checks, 'deploying', 0]],
  ['a question of ten minutes', MINUTE, [plan, checks, 'soaking', 0, 10 * MINUTE]],
  ['a millisecond more', 10 * MINUTE, [plan, checks, 'soaking', 0, 10 * MINUTE + 1]],
  ['a question or a pause of 3 hours', 15 * MINUTE, [plan, checks, 'soaking', 0, 3 * HOUR]],
  ['one of three days', HOUR, [plan, checks, 'soaking', 0, 72 * HOUR]],
  ['hypercare', 10 * MINUTE, [plan, checks, 'hypercare', 0]],
  ['before T+8h', 10 * MINUTE, [plan, checks, 'hypercare', 8 * HOUR - 1]],
  ['T+8h', 30 * MINUTE, [plan, checks, 'hypercare', 8 * HOUR]],
  ['before T+24h', 30 * MINUTE, [plan, checks, 'hypercare', 24 * HOUR - 1]],
  ['T+24h', HOUR, [plan, checks, 'hypercare', 24 * HOUR]],
  ['rules are always looked at rarely', HOUR, [plan, rules, 'hypercare', 0]],
  ['one that is none beside them', 10 * MINUTE, [plan, [...rules, ...checks], 'hypercare', 0]],
  ['up to the end', MINUTE, [plan, checks, 'hypercare', END - MINUTE]],
  ['up to the end, but no shorter than one look', 15_000, [plan, checks, 'hypercare', END - 1]],
  ['at the end', 15_000, [plan, checks, 'hypercare', END]],
  ['so long after it as before it', 5 * MINUTE, [plan, checks, 'hypercare', END + 5 * MINUTE]],
  ['up to a change of pace', 1, [windows, checks, 'hypercare', 8 * HOUR - 1]],
  ['from it on', 30 * MINUTE, [windows, checks, 'hypercare', 8 * HOUR]],
  ['up to it, also with a question open', 1, [windows, checks, 'hypercare', 8 * HOUR - 1, HOUR]],
  ['up to a review, a timeout before', 1, [reviews, checks, 'hypercare', 24 * HOUR - 5_001]],
  ['from there on', HOUR, [reviews, checks, 'hypercare', 24 * HOUR]],
  ['without timers up to the review itself', 5_001, [reviews, checks, 'hypercare', 24 * HOUR - 5_001, 0, 'at reviews']],
  ['and otherwise as ever', 10 * MINUTE, [reviews, checks, 'hypercare', HOUR, 0, 'at reviews']],
  ['quiet, up to two hours', 2 * HOUR, [reviews, checks, 'hypercare', 0, 0, 'when something changes']],
  ['quiet, up to a review', HOUR, [reviews, checks, 'hypercare', 23 * HOUR, 0, 'when something changes']],
  ['quiet, up to a change of pace', 1, [windows, checks, 'hypercare', 8 * HOUR - 1, 0, 'when something changes']],
  ['quiet, up to the end', MINUTE, [plan, checks, 'hypercare', END - MINUTE, 0, 'when something changes']],
  ['rules that are quiet, past reviews', 24 * HOUR, [reviews, rules, 'hypercare', HOUR, 0, 'when something changes']],
  ['those, up to the end', 20 * HOUR, [reviews, rules, 'hypercare', END - 20 * HOUR, 0, 'when something changes']],
  ['rules that are not, up to a review', 1, [reviews, rules, 'hypercare', 24 * HOUR - 1, 0, 'at reviews']],
  ['quiet with a question open', 10 * MINUTE, [plan, checks, 'hypercare', 0, 1, 'when something changes']],
  ['quiet in a soak', MINUTE, [plan, checks, 'soaking', 0, 0, 'when something changes']],
])('%s: a segment lasts %d ms', (_, expected, given) => {
  expect(segmentLength(...given)).toBe(expected);
});

test('a quiet watch goes past no review, no change of pace and no end, and 72 hours of it are fewer than 50 segments', () => {
  const both = { ...plan, hypercare: { ...windows.hypercare, reviews: reviews.hypercare.reviews } };
  fc.assert(
    fc.property(fc.integer({ min: 0, max: END - 1 }), (elapsed) => {
      const end = elapsed + segmentLength(both, checks, 'hypercare', elapsed, 0, 'when something changes');
      expect(end).toBeGreaterThan(elapsed);
      const ends = [8 * HOUR, ...Array.from({ length: 24 }, (_, index) => (24 + 2 * index) * HOUR)];
      expect(ends.filter((moment) => elapsed < moment && moment < end)).toEqual([]);
    }),
    runs(),
  );
  let segments = 0;
  for (let elapsed = 0; elapsed < END; segments += 1)
    elapsed += segmentLength(both, checks, 'hypercare', elapsed, 0, 'when something changes');
  expect(segments).toBeLessThan(50);
});

test('one look of each takes as long as the slowest, its interval and its timeout', () => {
  expect(oneLook([...checks, { every: 5_000, timeout: 11_000 }])).toBe(16_000);
});
