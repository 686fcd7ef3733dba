import { shortened } from '../text/cut-text.js';
import type { TimelineEntry } from './status.js';

export interface CarriedTimeline {
  readonly first: readonly TimelineEntry[];
  readonly last: readonly TimelineEntry[];
  readonly leftOut: number;
}

/**
 * What happened in a run, in order. Bounded in entries and in bytes, so that no flood of messages can make a run too big to end or to go on as a new one
 * (the server takes 2 MiB): the middle gives way first.
 */
export class Timeline {
  static readonly LIMIT = 1_000;
  static readonly LONGEST = 400;
  /** Of all entries, as JSON in UTF-8. */
  static readonly BYTES = 300_000;
  readonly #first: Half;
  readonly #last: Half;
  #leftOut: number;

  constructor({ first, last, leftOut }: CarriedTimeline = { first: [], last: [], leftOut: 0 }) {
    this.#first = new Half(first);
    this.#last = new Half(last);
    this.#leftOut = leftOut;
  }

  get carried(): CarriedTimeline {
    return { first: this.#first.entries, last: this.#last.entries, leftOut: this.#leftOut };
  }

  add(at: string, what: string): void {
    const entry = { at, what: shortened(what, Timeline.LONGEST) };
    const last = this.#last;
    if (last.entries.length === 0 && this.#first.hasRoomFor(entry)) return this.#first.add(entry);
    for (; !last.hasRoomFor(entry); this.#leftOut += 1) last.shift();
    last.add(entry);
  }

  get entries(): TimelineEntry[] {
    const { entries: last } = this.#last;
    const [next] = last;
    const gap =
      this.#leftOut > 0 && next ? [{ at: next.at, what: `… ${this.#leftOut} entries are left out here` }] : [];
    return [...this.#first.entries, ...gap, ...last];
  }
}

class Half {
  readonly entries: TimelineEntry[];
  #bytes: number;

  constructor(entries: readonly TimelineEntry[]) {
    this.entries = [...entries];
    this.#bytes = entries.reduce((sum, each) => sum + bytesOf(each), 0);
  }

  hasRoomFor(entry: TimelineEntry): boolean {
    return this.entries.length < Timeline.LIMIT / 2 && this.#bytes + bytesOf(entry) <= Timeline.BYTES / 2;
  }

  add(entry: TimelineEntry): void {
    this.entries.push(entry);
    this.#bytes += bytesOf(entry);
  }

  shift(): void {
    const gone = this.entries.shift();
    if (gone) this.#bytes -= bytesOf(gone);
  }
}

const encoder = new TextEncoder();
const bytesOf = (entry: TimelineEntry): number => encoder.encode(JSON.stringify(entry)).length;
