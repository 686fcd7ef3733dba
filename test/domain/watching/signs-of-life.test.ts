import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RAREST_BEAT_MS, rareSigns } from '../../../src/domain/watching/signs-of-life.js';
import { runs } from '../../support/property-runs.js';

test.each([
  ['second', 1_000, { beatMs: 3_000, timeoutMs: 5_000 }],
  ['half a minute', 30_000, { beatMs: 6_000, timeoutMs: 10_000 }],
  ['minute', 60_000, { beatMs: 12_000, timeoutMs: 20_000 }],
  ['hour', 3_600_000, { beatMs: 12_000, timeoutMs: 20_000 }],
])('with a look each %s', (_, everyMs, signs) => {
  expect(rareSigns(everyMs)).toEqual(signs);
});

test('one may be late without its worker being taken for dead, and a dead one is missed before the next look but five seconds', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 86_400_000 }), fc.integer({ min: 1, max: 60_000 }), (everyMs, patience) => {
      const { beatMs, timeoutMs } = rareSigns(everyMs, patience);
      // A segment that lasts beats no more rarely than this, however often at first.
      expect(Math.max(beatMs, RAREST_BEAT_MS) + 2_000).toBeLessThanOrEqual(timeoutMs);
      expect(timeoutMs).toBeLessThanOrEqual(Math.max(5_000, everyMs / 3));
      expect(timeoutMs).toBeLessThanOrEqual(Math.max(5_000, patience - 5_000));
    }),
    runs(),
  );
});
