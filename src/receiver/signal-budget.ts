/** Signals that may go to one run at once. */
const BURST = 400;
/** Of these, what only a firing may use: it never waits behind a flood of flips. */
const RESERVE = 200;
/** One more each 75 s: some 3,900 in 72 h of hypercare. The server ends a run's signals at 10,000, and two receivers may serve one run. */
const REFILL_MS = 75_000;

/** How many signals a run may still be sent. */
export class SignalBudget {
  #left = BURST;
  #asOf: number;

  constructor(now: number) {
    this.#asOf = now;
  }

  /** Takes so many, all or none. */
  take(count: number, urgent: boolean, now: number): boolean {
    this.#left = Math.min(BURST, this.#left + Math.max(0, now - this.#asOf) / REFILL_MS);
    this.#asOf = now;
    if (this.#left - count < (urgent ? 0 : RESERVE)) return false;
    this.#left -= count;
    return true;
  }

  /** In how many whole seconds there is one more for whom there was none. */
  get nextInSeconds(): number {
    return Math.ceil(REFILL_MS / 1_000);
  }
}
