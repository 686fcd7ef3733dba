import type { TargetState } from '../watching/segment.js';
import type { Reading } from '../watching/reading.js';
import type { SeenRecord } from './record.js';

/** One look of a watch. `at`: epoch milliseconds of the worker that made it. */
export interface KeptLook {
  readonly at: number;
  readonly check: string;
  readonly target: string;
  readonly reading: Reading;
}

/** What is kept of one watch of a go-live, over all its segments. */
export interface KeptWatch {
  readonly of: readonly Pick<TargetState, 'check' | 'target'>[];
  /** From its first segment to the last thing that is kept of it, in epoch milliseconds. */
  readonly from: number;
  readonly to: number;
  /** In the order of time. */
  readonly looks: readonly KeptLook[];
}

/** The watches of a go-live, from what was seen in each of its runs. Looks of a proof belong to none. */
export function keptWatches(runs: readonly { readonly seen: readonly SeenRecord[] }[]): KeptWatch[] {
  const watches = new Map<string, { of: KeptWatch['of']; from: number; to: number; looks: KeptLook[] }>();
  for (const { seen } of runs) {
    // Activities have their IDs within one run.
    const bySegment = new Map<string, string>();
    for (const record of seen)
      if (record.kind === 'segment') {
        const of = record.given.states.map(({ check, target }) => ({ check, target }));
        const key = JSON.stringify(of);
        bySegment.set(record.id, key);
        if (!watches.has(key)) watches.set(key, { of, from: Infinity, to: -Infinity, looks: [] });
        reaches(watches.get(key), record.at);
      }
    for (const record of seen) {
      if (record.kind !== 'look' && record.kind !== 'report') continue;
      const watch = watches.get(bySegment.get(record.of) ?? '');
      if (!watch) continue;
      reaches(watch, record.at);
      const { at } = record;
      if (record.kind === 'look') watch.looks.push({ ...record, at: Date.parse(at) });
    }
  }
  return [...watches.values()].map((watch) => ({ ...watch, looks: watch.looks.sort((a, b) => a.at - b.at) }));
}

function reaches(watch: { from: number; to: number } | undefined, at: string): void {
  if (!watch) return;
  watch.from = Math.min(watch.from, Date.parse(at));
  watch.to = Math.max(watch.to, Date.parse(at));
}
