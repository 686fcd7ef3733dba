import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseDuration } from '../../../src/domain/time/duration.js';
import { atMost, lasted, progress } from '../../../src/domain/time/lasted.js';
import { runs } from '../../support/property-runs.js';

const MINUTE = 60_000;

test.each([
  [-1, 'under 1s'],
  [0, 'under 1s'],
  [999, 'under 1s'],
  [1_000, '1s'],
  [1_999, '1s'],
  [680_900, '11m 20s'],
  [259_200_000, '72h'],
])('what has lasted %i ms is told in whole seconds', (milliseconds, text) => {
  expect(lasted(milliseconds)).toBe(text);
});

test.each([
  ['not begun', 0, 5_000, '0s of 5s'],
  ['of another clock', -400, 5_000, '0s of 5s'],
  ['a moment', 204, 5_000, 'under 1s of 5s'],
  ['almost', 4_999, 5_000, '4s of 5s'],
  ['the end', 5_000, 5_000, '5s'],
  ['a moment after the end', 5_999, 5_000, '5s'],
  ['past it', 6_000, 5_000, '6s, 1s over the 5s'],
  ['long past it', 18 * MINUTE + 20_500, 15 * MINUTE, '18m 20s, 3m 20s over the 15m'],
  ['of what is shorter than a second', 204.6, 500, '204ms of 500ms'],
  ['past what is shorter than a second', 1_700, 500, '1s, 1s over the 500ms'],
])('how far: %s', (_, milliseconds, length, text) => {
  expect(progress(milliseconds, length)).toBe(text);
});

test('nothing is told to be farther than its end without saying by how much', () => {
  const inMs = (text: string) => (text === 'under 1s' ? 0 : parseDuration(text.replaceAll(' ', '')));
  fc.assert(
    fc.property(fc.nat({ max: 100_000_000 }), fc.integer({ min: 1, max: 100_000_000 }), (passed, length) => {
      const [, told = '', of, over] = /^(.+?)(?: of (.+)|, (.+) over the .+)?$/.exec(progress(passed, length)) ?? [];
      if (of !== undefined) expect(inMs(told)).toBeLessThan(inMs(of));
      else if (over !== undefined) expect(inMs(over)).toBeGreaterThanOrEqual(1_000);
      else expect(inMs(told)).toBe(length);
      // Never more than it was.
      expect(inMs(told)).toBeLessThanOrEqual(passed);
    }),
    runs(),
  );
});

test.each([
  [300, '300ms'],
  [1_600, '1.6s'],
  [4_876.234, '4.9s'],
  [5_000, '5s'],
  [125_400, '2m 5s'],
])('a limit of %d ms', (milliseconds, text) => {
  expect(atMost(milliseconds)).toBe(text);
});
