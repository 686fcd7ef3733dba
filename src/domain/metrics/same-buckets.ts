import type { CounterHistory } from './counter-history.js';
import { boundsIn } from './tally.js';

/** How much was counted at one instance, by heading. */
export interface Grown {
  readonly instance: string;
  readonly history: Pick<CounterHistory, 'last'>;
  readonly grown: ReadonlyMap<string, number>;
}

/**
 * Why the buckets of all instances can't be added up, in a sentence: those that counted something haven't the same bounds. What is faster than a bound
 * that others don't have would be missing there, as if it had taken longer than any.
 */
export function unlikeBuckets(all: readonly Grown[], duration: string): string | undefined {
  const bySet = new Map<string, string[]>();
  for (const { instance, history, grown } of all) {
    const bounds = boundsIn(grown.keys());
    if (![...bounds.values()].some((heading) => (grown.get(heading) ?? 0) > 0)) continue;
    const now = boundsIn([...history.last.counters.values()].map(({ heading }) => heading));
    if (now.size > 0 && [...bounds.keys()].some((le) => !now.has(le)))
      return `${instance} has had other buckets of ${duration} within the window: nobody can add them up`;
    const set = [...bounds.keys()].sort().join(' ');
    bySet.set(set, [...(bySet.get(set) ?? []), instance]);
  }
  const [most, fewer] = [...bySet.values()].sort((a, b) => b.length - a.length);
  return most && fewer && `${fewer[0]} has other buckets of ${duration} than ${most[0]}: nobody can add them up`;
}
