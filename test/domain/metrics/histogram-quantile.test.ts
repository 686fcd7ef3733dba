import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { histogramQuantile, type Bucket } from '../../../src/domain/metrics/histogram-quantile.js';
import { runs } from '../../support/property-runs.js';

const BOUNDS = [5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000];
const histogram = (values: readonly number[], bounds = BOUNDS): Bucket[] =>
  [...bounds, Infinity].map((le) => ({ le, count: values.filter((value) => value <= le).length }));

describe('as histogram_quantile does', () => {
  test.each([
    [
      'in the middle of a bucket',
      [
        { le: 100, count: 90 },
        { le: 200, count: 100 },
        { le: Infinity, count: 100 },
      ],
      150,
    ],
    [
      'in the first bucket, from zero',
      [
        { le: 100, count: 100 },
        { le: Infinity, count: 100 },
      ],
      95,
    ],
    [
      'above the last bound: that bound',
      [
        { le: 100, count: 1 },
        { le: 200, count: 2 },
        { le: Infinity, count: 100 },
      ],
      200,
    ],
    [
      'on the edge of a bucket',
      [
        { le: 100, count: 95 },
        { le: 200, count: 100 },
        { le: Infinity, count: 100 },
      ],
      100,
    ],
    [
      'whatever the order',
      [
        { le: Infinity, count: 100 },
        { le: 200, count: 100 },
        { le: 100, count: 90 },
      ],
      150,
    ],
    [
      'a dent in the counts is filled',
      [
        { le: 50, count: 90 },
        { le: 100, count: 89 },
        { le: 200, count: 100 },
        { le: Infinity, count: 100 },
      ],
      150,
    ],
  ])('%s', (_, buckets, expected) => expect(histogramQuantile(0.95, buckets)).toBeCloseTo(expected, 9));

  test.each([
    ['no buckets', []],
    [
      'no observations',
      [
        { le: 100, count: 0 },
        { le: Infinity, count: 0 },
      ],
    ],
    ['no infinite bucket', [{ le: 100, count: 1 }]],
    ['only the infinite bucket', [{ le: Infinity, count: 1 }]],
  ])('%s: NaN', (_, buckets) => expect(histogramQuantile(0.95, buckets)).toBeNaN());
});

test('it lies in the bucket that the true quantile lies in', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 200 }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      (values, quantile) => {
        const sorted = [...values].sort((a, b) => a - b);
        const truth = sorted[Math.max(0, Math.ceil(quantile * values.length - 1e-9) - 1)] ?? NaN;
        const upper = BOUNDS.find((bound) => truth <= bound) ?? NaN;
        const lower = BOUNDS.findLast((bound) => bound < truth) ?? 0;
        const found = histogramQuantile(quantile, histogram(values));
        expect(found).toBeGreaterThanOrEqual(lower - 1e-6);
        expect(found).toBeLessThanOrEqual(upper + 1e-6);
      },
    ),
    runs(),
  );
});
