import type { SeenRecord } from '../../domain/evidence/record.js';
import type { Reading } from '../../domain/watching/reading.js';
import type { GoLiveStatus } from '../../domain/run/status.js';

/** What was measured of each check at each target while somebody watched. Moments are epoch milliseconds. */
export type ValueHistory = ReadonlyMap<string, readonly Sample[]>;

export interface Sample {
  readonly at: number;
  readonly value: number;
}

/** So much of it is kept. */
export const HISTORY_MS = 10 * 60_000;

export const historyKey = ({ check, target }: { check: string; target: string }): string =>
  JSON.stringify([check, target]);

/** The history with the values of one more status. A check without a number has 1 while it fails and 0 while it doesn't; one without a reading has none. */
export function withValues(history: ValueHistory, watching: GoLiveStatus['watching'], at: number): ValueHistory {
  const next = new Map(history);
  for (const each of watching) {
    const kept = (history.get(historyKey(each)) ?? []).filter((sample) => at - sample.at < HISTORY_MS);
    const value = valueOf(each);
    next.set(historyKey(each), value === undefined ? kept : [...kept, { at, value }]);
  }
  return next;
}

/** The history with looks that are on record, before what was watched already. */
export function withLooks(
  history: ValueHistory,
  watching: GoLiveStatus['watching'],
  looks: readonly SeenRecord[],
): ValueHistory {
  const next = new Map(history);
  for (const each of watching) {
    const known = history.get(historyKey(each)) ?? [];
    const first = known[0]?.at ?? Infinity;
    const before = looks.flatMap((look): Sample[] => {
      if (look.kind !== 'look' || historyKey(look) !== historyKey(each)) return [];
      const [at, value] = [Date.parse(look.at), readValue(look.reading, each.guardrail !== undefined)];
      return value === undefined || !(at < first) ? [] : [{ at, value }];
    });
    next.set(historyKey(each), [...before, ...known]);
  }
  return next;
}

/** As {@link valueOf} has it, of one reading. */
function readValue(reading: Reading, isMetric: boolean): number | undefined {
  if (isMetric) return reading.kind === 'value' ? reading.value : undefined;
  return reading.kind === 'bad' ? 1 : reading.kind === 'good' ? 0 : undefined;
}

function valueOf({ standing, value, guardrail }: GoLiveStatus['watching'][number]): number | undefined {
  if (standing === 'blind' || standing === 'not looked at' || standing === 'idle') return undefined;
  return guardrail === undefined ? (standing === 'failing' ? 1 : 0) : value;
}
