import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { intervalOfMedian, median, moved, quantile, summary } from '../../bench/statistics.js';
import { runs } from '../support/property-runs.js';

const value = fc.double({ min: 0, max: 1e6, noNaN: true });
const values = fc.array(value, { minLength: 1, maxLength: 60 });

test.each([
  [[3], 0.5, 3],
  [[1, 2], 0.5, 1],
  [[5, 1, 3], 0.5, 3],
  [[1, 2, 3, 4], 0.95, 4],
  [Array.from({ length: 20 }, (_, index) => index + 1), 0.95, 19],
  [[4, 2], 0, 2],
  [[], 0.5, NaN],
])('of %j the share %d lies at or below %d', (all, share, expected) => {
  expect(quantile(all, share)).toBe(expected);
});

// The ranks of the sign test, as tables of it have them.
test.each([
  [1, 1, 1],
  [5, 1, 5],
  [6, 1, 6],
  [8, 1, 8],
  [9, 2, 8],
  [15, 4, 12],
  [20, 6, 15],
  [50, 18, 33],
])('of %d values the interval of the median goes from the value of rank %d to that of rank %d', (n, low, high) => {
  expect(intervalOfMedian(Array.from({ length: n }, (_, index) => index + 1))).toEqual([low, high]);
});

test('a summary says the same in whatever order the values came, and its parts are values in their order', () => {
  fc.assert(
    fc.property(values, (all) => {
      const said = summary(all);
      expect(summary([...all].reverse())).toEqual(said);
      const { low, high, p95, max } = said;
      for (const part of [low, said.median, high, p95, max]) expect(all).toContain(part);
      expect(low).toBeLessThanOrEqual(said.median);
      expect(said.median).toBeLessThanOrEqual(high);
      expect(said.median).toBeLessThanOrEqual(p95);
      expect(p95).toBeLessThanOrEqual(max);
    }),
    runs(),
  );
});

test('at least half of the values lie at or below the median, and half at or above it', () => {
  fc.assert(
    fc.property(values, (all) => {
      expect(all.filter((each) => each <= median(all)).length).toBeGreaterThanOrEqual(all.length / 2);
      expect(all.filter((each) => each >= median(all)).length).toBeGreaterThanOrEqual(all.length / 2);
    }),
    runs(),
  );
});

test('nothing has moved against itself; what is more one way round is less the other, unless it is a matter of the 5 %', () => {
  fc.assert(
    fc.property(values, values, (one, other) => {
      const [before, after] = [summary(one), summary(other)];
      expect(moved(before, before)).toBe('within its noise');
      const [there, back] = [moved(before, after), moved(after, before)];
      if (there !== 'within its noise') expect(back).not.toBe(there);
    }),
    runs(),
  );
});

test.each([
  [[100, 110, 120], [115, 130, 140], 'within its noise'],
  [[100, 101, 102], [103, 104, 105], 'within its noise'],
  [[100, 101, 102], [110, 111, 112], 'more'],
  [[100, 101, 102], [50, 51, 52], 'less'],
  [[300], [300], 'within its noise'],
  [[300], [400], 'more'],
  [[0], [1], 'more'],
])('from %j to %j: %s', (before, after, expected) => {
  expect(moved(summary(before), summary(after))).toBe(expected);
});
