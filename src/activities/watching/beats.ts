import { RAREST_BEAT_MS } from '../../domain/watching/signs-of-life.js';

/** A pause is this part of the time it has lasted. */
const PART = 20;

/**
 * Signs of life of a segment, which also say what it has seen and hear whether somebody wants its report: soon at first, ever rarer the longer it lasts, for
 * a thousand segments would keep a server busy with nothing else. What isn't calm is told with a beat of its own.
 */
export class Beats {
  readonly #begun = performance.now();
  #next: NodeJS.Timeout | undefined;

  /** @param leastMs between two of them, in milliseconds */
  constructor(
    private readonly leastMs: number,
    private readonly beat: () => void,
  ) {
    this.#wait();
  }

  /** One now, besides the others. */
  now(): void {
    this.beat();
  }

  stop(): void {
    clearTimeout(this.#next);
  }

  #wait(): void {
    this.#next = setTimeout(
      () => {
        this.beat();
        this.#wait();
      },
      pauseAfter(performance.now() - this.#begun, this.leastMs),
    );
  }
}

/** How long it is to the next beat of a segment that has lasted for so long, in milliseconds. */
export const pauseAfter = (lastedMs: number, leastMs: number): number =>
  Math.max(leastMs, Math.min(RAREST_BEAT_MS, lastedMs / PART));
