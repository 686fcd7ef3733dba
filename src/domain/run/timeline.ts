import { shortened } from '../text/cut-text.js';
import type { TimelineEntry } from './status.js';

/** A timeline as plain data. {@link Timeline} writes it, {@link entriesOf} reads it. */
export interface TimelineState {
  readonly first: TimelineEntry[];
  readonly last: TimelineEntry[];
  leftOut: number;
}

export const noTimeline = (): TimelineState => ({ first: [], last: [], leftOut: 0 });

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

  /** @param state what it writes to: all there is of it */
  constructor(private readonly state: TimelineState = noTimeline()) {
    this.#first = new Half(state.first);
    this.#last = new Half(state.last);
  }

  add(at: string, what: string): void {
    const entry = { at, what: shortened(what, Timeline.LONGEST) };
    const bytes = bytesOf(entry);
    const last = this.#last;
    if (last.entries.length === 0 && this.#first.hasRoomFor(bytes)) return this.#first.add(entry, bytes);
    for (; !last.hasRoomFor(bytes); this.state.leftOut += 1) last.shift();
    last.add(entry, bytes);
  }

  get entries(): TimelineEntry[] {
    return entriesOf(this.state);
  }
}

/** All there is, in order, with a line where entries are left out. */
export function entriesOf({ first, last, leftOut }: TimelineState): TimelineEntry[] {
  const [next] = last;
  const gap = leftOut > 0 && next ? [{ at: next.at, what: `… ${leftOut} entries are left out here` }] : [];
  return [...first, ...gap, ...last];
}

class Half {
  #bytes: number;

  constructor(readonly entries: TimelineEntry[]) {
    this.#bytes = entries.reduce((sum, each) => sum + bytesOf(each), 0);
  }

  hasRoomFor(bytes: number): boolean {
    return this.entries.length < Timeline.LIMIT / 2 && this.#bytes + bytes <= Timeline.BYTES / 2;
  }

  add(entry: TimelineEntry, bytes: number): void {
    this.entries.push(entry);
    this.#bytes += bytes;
  }

  shift(): void {
    const gone = this.entries.shift();
    if (gone) this.#bytes -= bytesOf(gone);
  }
}

const encoder = new TextEncoder();
const bytesOf = (entry: TimelineEntry): number => encoder.encode(JSON.stringify(entry)).length;
