import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatDuration, parseDuration } from '../../../src/domain/time/duration.js';
import { runs } from '../../support/property-runs.js';

test.each([
  ['250ms', 250],
  ['30s', 30_000],
  ['10m', 600_000],
  ['72h', 259_200_000],
  ['1h30m', 5_400_000],
  ['1.5h', 5_400_000],
  ['7d', 604_800_000],
])('%s is %i ms', (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});

test.each(['', '10', '5 minutes', '-5m', '10m!', 'm10', '${WAIT}'])('%j is refused with an example', (text) => {
  expect(() => parseDuration(text)).toThrow(/is not a duration.*such as 30s, 10m, 72h/);
});

test('of what is far too long the beginning is shown, at once', () => {
  const started = performance.now();
  expect(() => parseDuration('1'.repeat(100_000))).toThrow(/^"1{50,90}…" is not a duration/);
  expect(performance.now() - started).toBeLessThan(1_000);
});

test('what is written is read back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000_000 }), (milliseconds) => {
      expect(parseDuration(formatDuration(milliseconds).replaceAll(' ', ''))).toBe(milliseconds);
    }),
    runs(),
  );
});

test('people read hours, minutes and seconds', () => {
  expect(formatDuration(680_000)).toBe('11m 20s');
  expect(formatDuration(259_200_000)).toBe('72h');
  expect(formatDuration(1_500)).toBe('1s 500ms');
  expect(formatDuration(0)).toBe('0s');
});
