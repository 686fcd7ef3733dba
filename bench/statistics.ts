/** What is said of some values of one measure. */
export interface Summary {
  readonly n: number;
  readonly median: number;
  readonly p95: number;
  readonly max: number;
  /** Between them the median of many more runs would lie, with 95 % confidence. */
  readonly low: number;
  readonly high: number;
}

/** What has become of a measure. */
export type Move = 'more' | 'less' | 'within its noise';

/** Two starts of one program differ by so much without any cause, which an interval over the values of one start doesn't know. */
const LEAST_MOVE = 0.05;

/** The value that has this share (0–1) of all at or below it, by nearest rank; NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = inOrder(values);
  return sorted[Math.max(0, Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1))] ?? NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Median, p95, maximum, and the interval of the median. */
export function summary(values: readonly number[]): Summary {
  const [low, high] = intervalOfMedian(values);
  return {
    n: values.length,
    median: median(values),
    p95: quantile(values, 0.95),
    max: quantile(values, 1),
    low,
    high,
  };
}

/**
 * The interval of the median by the sign test (its ranks from the normal distribution): it asks nothing about how the values are distributed, and is the same
 * each time. Fewer than six values can't give 95 %: then it is all of them, from the least to the most.
 */
export function intervalOfMedian(values: readonly number[]): [low: number, high: number] {
  const sorted = inOrder(values);
  const n = sorted.length;
  const rank = Math.floor((n + 1) / 2 - 0.98 * Math.sqrt(n));
  const outside = Math.max(0, rank - 1);
  return [sorted[outside] ?? NaN, sorted[n - 1 - outside] ?? NaN];
}

/** A median has moved when the two intervals have nothing in common and the medians differ by more than 5 %. */
export function moved(before: Summary, after: Summary): Move {
  const apart = before.high < after.low || after.high < before.low;
  if (!apart || Math.abs(after.median - before.median) <= LEAST_MOVE * Math.abs(before.median))
    return 'within its noise';
  return after.median > before.median ? 'more' : 'less';
}

const inOrder = (values: readonly number[]): number[] => [...values].sort((one, other) => one - other);
