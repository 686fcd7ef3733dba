import type { BlindTime } from './blind-text.js';

/**
 * Counts the time in which checks had no readings while it goes on, each second of a check at a target once: what is blind is told again and again, first
 * without an end.
 */
export class BlindCount {
  /** Up to when each check at each target is counted, in epoch milliseconds. */
  readonly #countedTo = new Map<string, number>();

  /** Whole seconds by check that were not counted yet; the rest of a second counts with the next time. */
  take(times: readonly BlindTime[]): Map<string, number> {
    const seconds = new Map<string, number>();
    for (const { check, target, from, to } of times) {
      const key = `${check} ${target}`;
      const begin = Math.max(from, this.#countedTo.get(key) ?? from);
      const whole = Math.floor((to - begin) / 1000);
      if (whole <= 0) continue;
      this.#countedTo.set(key, begin + whole * 1000);
      seconds.set(check, (seconds.get(check) ?? 0) + whole);
    }
    return seconds;
  }
}
