import type { DecidedRecord } from './record.js';

/** Clocks of servers that take over from each other may differ by so much, in milliseconds. */
const APART_MS = 1_000;

/**
 * What a run has decided, in its order. A task that the server took from a worker leaves what it would have decided, too: of two records of one place the
 * later one counts, and what comes behind a place that was decided later is left out.
 */
export function inOrder(records: Iterable<DecidedRecord>): DecidedRecord[] {
  const byPlace = new Map<number, DecidedRecord>();
  for (const record of records) {
    const known = byPlace.get(record.n);
    if (!known || Date.parse(known.at) <= Date.parse(record.at)) byPlace.set(record.n, record);
  }
  let latest = -Infinity;
  const ordered = [...byPlace.values()].sort((a, b) => a.n - b.n);
  const stale = ordered.map(({ at }) => {
    latest = Math.max(latest, Date.parse(at));
    return Date.parse(at) < latest - APART_MS;
  });
  return ordered.slice(0, stale.lastIndexOf(false) + 1);
}
