import { shortened } from './cut-text.js';
import type { TimelineEntry } from './status.js';

export interface CarriedTimeline {
  readonly first: readonly TimelineEntry[];
  readonly last: readonly TimelineEntry[];
  readonly leftOut: number;
}

/** What happened in a run, in order. Bounded, so that no flood of messages can make a run too big to end: the middle gives way first. */
export class Timeline {
  static readonly LIMIT = 1_000;
  static readonly LONGEST = 400;
  #first: TimelineEntry[];
  #last: TimelineEntry[];
  #leftOut: number;

  constructor({ first, last, leftOut }: CarriedTimeline = { first: [], last: [], leftOut: 0 }) {
    this.#first = [...first];
    this.#last = [...last];
    this.#leftOut = leftOut;
  }

  get carried(): CarriedTimeline {
    return { first: this.#first, last: this.#last, leftOut: this.#leftOut };
  }

  add(at: string, what: string): void {
    const text = shortened(what, Timeline.LONGEST);
    const half = Timeline.LIMIT / 2;
    if (this.#first.length < half) this.#first.push({ at, what: text });
    else this.#last.push({ at, what: text });
    if (this.#last.length <= half) return;
    this.#last.shift();
    this.#leftOut += 1;
  }

  get entries(): TimelineEntry[] {
    const [next] = this.#last;
    const gap =
      this.#leftOut > 0 && next ? [{ at: next.at, what: `… ${this.#leftOut} entries are left out here` }] : [];
    return [...this.#first, ...gap, ...this.#last];
  }
}
