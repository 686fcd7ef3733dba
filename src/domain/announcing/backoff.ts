const MINUTE = 60_000;
const ROUND = 5 * MINUTE;
const FIRST = 10 * MINUTE;

/** What nobody reacts to is said rarer with time. All in milliseconds. */
export interface Backoff {
  readonly least: number;
  readonly most: number;
  /** Until then it is said every `least`. */
  readonly after: number;
}

/**
 * How long to wait before something is said again that has gone on for `age`: `least` until `after`, then 10 minutes at once `after`, 20 at twice, and so on up to `most`, never less
 * than `least`. In whole five minutes, for people are told. A question of three days makes a hundred pages so, and not four hundred. Milliseconds.
 */
export function backoff(age: number, { least, most, after }: Backoff): number {
  if (age < after) return least;
  const grown = Math.floor((FIRST * age) / after / ROUND) * ROUND;
  return Math.max(least, Math.min(grown, most));
}
