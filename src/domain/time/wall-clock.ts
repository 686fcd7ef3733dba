const HOUR = 3_600_000;

/** What the clocks on the wall show in one time zone, its summer time included. */
export class WallClock {
  readonly #format: Intl.DateTimeFormat;

  /** Throws a RangeError for a zone that nobody knows. */
  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  /** What the clocks show at a moment, in epoch milliseconds, written as the milliseconds at which they would show it in UTC. */
  at(moment: number): number {
    const parts = Object.fromEntries(
      this.#format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]),
    );
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second);
  }

  /** When the clocks show this: one moment, or, for a time that a clock change repeats or leaves out, the first and the last that could be meant. */
  moments(shown: number): { first: number; last: number } {
    // A day before and a day after: the offsets on both sides of a change, if there is one.
    const meant = [shown - 24 * HOUR, shown + 24 * HOUR].map((near) => shown - (this.at(near) - near));
    const real = meant.filter((moment) => this.at(moment) === shown);
    const all = real.length > 0 ? real : meant;
    return { first: Math.min(...all), last: Math.max(...all) };
  }
}
