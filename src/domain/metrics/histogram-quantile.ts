import { oneLine } from '../text/one-line.js';
import { plainNumber } from './plain-number.js';

/** One cumulative bucket: how many observations were at most `le`. */
export interface Bucket {
  /** Infinity for the last. */
  readonly le: number;
  readonly count: number;
}

/** The bound in an `le` label, in the histogram's unit; undefined where it is missing or no number. */
export function boundOf(le: string | undefined): number | undefined {
  const bound = plainNumber(le ?? '');
  return bound === -Infinity || Number.isNaN(bound) ? undefined : bound;
}

/** A histogram one of whose bounds can't be read, in words. */
export const oddBound = (duration: string, le: string | undefined): string =>
  `a bucket of ${duration} with ${le ? `le="${oneLine(le, 40)}"` : 'no le'}, which is not a bound`;

/**
 * The quantile of a histogram, interpolated inside its bucket as Prometheus's histogram_quantile does: the first bucket begins at 0, and what lies above
 * the last finite bound counts as that bound. NaN without observations, without an infinite bucket, or with no finite one.
 * @param quantile from 0 to 1
 */
export function histogramQuantile(quantile: number, buckets: readonly Bucket[]): number {
  const sorted = [...buckets].sort((a, b) => a.le - b.le);
  const last = sorted.at(-1);
  if (last?.le !== Infinity || sorted.length < 2) return NaN;
  // Counts are cumulative; one that is not is a rounding error or a scrape in the middle of an update.
  let highest = 0;
  const counts = sorted.map(({ count }) => (highest = Math.max(highest, count)));
  if (!(highest > 0)) return NaN;
  const rank = quantile * highest;
  const index = counts.findIndex((count) => count >= rank);
  const upper = sorted[index]?.le ?? NaN;
  if (upper === Infinity) return sorted.at(-2)?.le ?? NaN;
  const lower = index === 0 ? 0 : (sorted[index - 1]?.le ?? NaN);
  if (index === 0 && upper <= 0) return upper;
  const below = index === 0 ? 0 : (counts[index - 1] ?? 0);
  const inside = (counts[index] ?? 0) - below;
  return inside > 0 ? lower + ((upper - lower) * (rank - below)) / inside : upper;
}

/** Whether the quantile lies above the largest finite bound: then it is more than that, and nobody knows how much. */
export function isBeyond(quantile: number, buckets: readonly Bucket[]): boolean {
  const highest = Math.max(...buckets.map(({ count }) => count));
  const finite = buckets.filter(({ le }) => le !== Infinity);
  return finite.length > 0 && quantile * highest > Math.max(...finite.map(({ count }) => count));
}

/** The largest finite bound: a histogram can say no more than whether something took longer. */
export const largestBound = (buckets: readonly Pick<Bucket, 'le'>[]): number | undefined => {
  const finite = buckets.map(({ le }) => le).filter(Number.isFinite);
  return finite.length === 0 ? undefined : Math.max(...finite);
};

/** Increases are extrapolated, and buckets are read one after the other: by so much one may count fewer than a shorter one. */
const ROUNDING = { share: 0.02, requests: 1 };

/** Whether a longer bucket counts fewer than a shorter one: not all that is added up has the same buckets. */
export function contradictsItself(buckets: readonly Bucket[]): boolean {
  let most = 0;
  return [...buckets]
    .sort((a, b) => a.le - b.le)
    .some(({ count }) => {
      const fewer = count < most * (1 - ROUNDING.share) - ROUNDING.requests;
      most = Math.max(most, count);
      return fewer;
    });
}
