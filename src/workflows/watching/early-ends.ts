import type { WatchData } from '../../domain/run/run-state.js';

/** A check that flaps ends a segment at once, but not more often than this in an hour: then its changes are told together. */
const MOST_NEWS = 12;
const HOUR_MS = 3_600_000;
/** So many early ends in so little time are no news: whatever it is, a pause keeps it from filling the history. */
const HASTE = 10;
const HASTE_MS = 2_000;

/** When segments of a watch have ended early, and what follows for the next ones. */
export class EarlyEnds {
  constructor(private readonly data: Pick<WatchData, 'news'>) {}

  /** It was so lately, and so often, that the next segment is better put off. */
  get tooMany(): boolean {
    return this.#within(HASTE_MS) >= HASTE;
  }

  /** One more, now. */
  add(): void {
    this.data.news = [...this.data.news.slice(1 - MOST_NEWS), Date.now()];
  }

  /** Whether the segment after one that ended early tells together what fires nothing. `coalesced`: that one did. */
  coalesceAfter(coalesced: boolean): boolean {
    return !coalesced || this.#within(HOUR_MS) >= MOST_NEWS;
  }

  #within(milliseconds: number): number {
    return this.data.news.filter((at) => Date.now() - at < milliseconds).length;
  }
}
