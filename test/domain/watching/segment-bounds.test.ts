import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { segmentBounds, SHORT_SEGMENT_MS } from '../../../src/domain/watching/segment-bounds.js';
import { runs } from '../../support/property-runs.js';

test.each([
  ['a minute', 60_000, { startsWithinMs: 86_000, endsWithinMs: 86_000, outlivesWorker: true }],
  ['ten minutes', 600_000, { startsWithinMs: 626_000, endsWithinMs: 626_000, outlivesWorker: true }],
  ['a millisecond more', 600_001, { startsWithinMs: 626_000, endsWithinMs: 626_001, outlivesWorker: false }],
  ['two hours', 7_200_000, { startsWithinMs: 626_000, endsWithinMs: 7_226_000, outlivesWorker: false }],
])('a segment of %s', (_, segmentMs, bounds) => {
  expect(segmentBounds(segmentMs, 25_000)).toEqual(bounds);
});

test('however long a segment is, nobody waits longer for a worker than for a short one', () => {
  const milliseconds = fc.integer({ min: 1, max: 100 * 3_600_000 });
  fc.assert(
    fc.property(milliseconds, milliseconds, (segmentMs, patience) => {
      const { startsWithinMs, endsWithinMs, outlivesWorker } = segmentBounds(segmentMs, patience);
      expect(startsWithinMs).toBeLessThanOrEqual(segmentBounds(SHORT_SEGMENT_MS, patience).endsWithinMs);
      expect(startsWithinMs).toBeLessThanOrEqual(endsWithinMs);
      expect(endsWithinMs).toBeGreaterThan(segmentMs + patience);
      // One that nobody would notice the death of its worker in is as short as that.
      if (outlivesWorker) expect(endsWithinMs).toBe(startsWithinMs);
    }),
    runs(),
  );
});
