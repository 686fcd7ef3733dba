import { expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { Beats, pauseAfter } from '../../../src/activities/watching/beats.js';
import { runs } from '../../support/property-runs.js';

test.each([
  ['at first', 0, 250],
  ['after ten seconds', 10_000, 500],
  ['after a minute', 60_000, 3_000],
  ['after a day', 86_400_000, 3_000],
])('%s', (_, lasted, pause) => {
  expect(pauseAfter(lasted, 250)).toBe(pause);
});

test('it never comes sooner than asked for, nor so late that its worker would count as dead', () => {
  fc.assert(
    fc.property(fc.nat(1e9), fc.integer({ min: 1, max: 3_000 }), (lasted, least) => {
      const pause = pauseAfter(lasted, least);
      expect(pause).toBeGreaterThanOrEqual(least);
      expect(pause).toBeLessThanOrEqual(3_000);
    }),
    runs(),
  );
});

test('an hour of them is some 1,200, not 14,400; none comes after the end', () => {
  jest.useFakeTimers();
  try {
    let count = 0;
    const beats = new Beats(250, () => (count += 1));
    jest.advanceTimersByTime(3_600_000);
    expect(count).toBeGreaterThan(1_150);
    expect(count).toBeLessThan(1_350);
    beats.now();
    beats.stop();
    const before = count;
    jest.advanceTimersByTime(60_000);
    expect(count).toBe(before);
  } finally {
    jest.useRealTimers();
  }
});
