import { lasted, progress } from '../time/lasted.js';
import type { Soak } from '../plan/playbook.js';

/** A stretch of time, in epoch milliseconds, during which every check had its readings. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** What one watch has seen since a soak began. */
export interface Sight {
  /** Of which watch. */
  readonly of: string;
  readonly observed: readonly Interval[];
  /** When the last non-clean reading was, in epoch milliseconds; none seen if absent. */
  readonly lastUnclean?: number;
  /** What was not clean when it was last looked at, such as `p95 at canary (420 ms)`. */
  readonly failing?: readonly string[];
  /** How old, in milliseconds, the last reading may be before the watch counts as blind: two of its intervals. */
  readonly freshFor: number;
  /** What stands against any promotion now, in words: breach clocks that run, checks that are blind. */
  readonly against: readonly string[];
}

export type SoakVerdict =
  | { readonly kind: 'promote' }
  /** `reports`: nothing but reports of segments under way is missing; should none come, the moment is the end. */
  | { readonly kind: 'wait'; readonly until: number; readonly reports: boolean; readonly why: string }
  | { readonly kind: 'hold'; readonly why: string };

/** Joins a stretch to the ones before it. A gap of up to `bridge` milliseconds between two readings isn't blindness; an empty stretch is nothing. */
export function observe(intervals: readonly Interval[], next: Interval, bridge: number): Interval[] {
  if (next.to <= next.from) return [...intervals];
  const last = intervals.at(-1);
  if (!last || next.from - last.to > bridge) return [...intervals, next];
  return [...intervals.slice(0, -1), { from: Math.min(last.from, next.from), to: Math.max(last.to, next.to) }];
}

/** Milliseconds observed since `since`. */
export function observedSince(intervals: readonly Interval[], since: number): number {
  return intervals.reduce((total, each) => total + Math.max(0, each.to - Math.max(each.from, since)), 0);
}

/**
 * Playbook §2.3, "wait 5–10 minutes and monitor": a soak ends at `min` of observed time when the last `settle` lay wholly inside what is clean
 * and seen; else it goes on, and at `max` it is a question to people, not a promotion. Every watch has to agree.
 */
export function soakVerdict(soak: Soak, startedAt: number, now: number, sights: readonly Sight[]): SoakVerdict {
  const waits = sights.map((sight) => missing(soak, startedAt, now, sight)).filter((each) => each !== undefined);
  if (waits.length === 0) return { kind: 'promote' };
  const why = toldOnce(waits);
  const end = startedAt + soak.max;
  if (now >= end) return { kind: 'hold', why };
  const left = Math.max(...waits.map((each) => each.milliseconds));
  return { kind: 'wait', until: left > 0 ? Math.min(end, now + left) : end, reports: left <= 0, why };
}

/**
 * What one watch still lacks for a promotion, and how long that takes at least; nothing if it agrees. A segment under way counts towards the
 * time to wait, on the assumption that it sees what it should, but only its report counts towards the promotion.
 */
function missing(soak: Soak, startedAt: number, now: number, sight: Sight): Wait | undefined {
  const last = sight.observed.at(-1) ?? { from: startedAt, to: startedAt };
  const unreported = Math.max(0, now - last.to);
  const observed = observedSince(sight.observed, startedAt);
  const settled = last.to - Math.max(sight.lastUnclean ?? -Infinity, last.from);
  const lacks = [
    // The next report may bring the end of it.
    ...sight.against.map((why) => ({ lack: unreported, why, stands: true })),
    { lack: soak.settle - settled, why: sight.against.length > 0 ? undefined : unsettledText(sight, settled, soak) },
    { lack: unreported > sight.freshFor ? unreported : 0, why: `no readings for ${lasted(unreported)}` },
    {
      lack: soak.min - observed,
      why: `${progress(observed, soak.min)} observed${share(observed, now - unreported - startedAt)}`,
    },
  ].filter((each) => each.lack > 0 || 'stands' in each);
  if (lacks.length === 0) return undefined;
  return {
    of: sight.of,
    milliseconds: Math.max(...lacks.map(({ lack }) => lack)) - unreported,
    why: lacks.flatMap(({ why }) => why ?? []).join(', '),
  };
}

/** What keeps the last `settle` from being clean and seen; nothing where the observed time says it as well. `settled`: for so many milliseconds it was. */
function unsettledText({ failing = [], observed, lastUnclean }: Sight, settled: number, { settle }: Soak) {
  if (failing.length > 0) return `not clean: ${failing.join(', ')}`;
  const [last, before] = [observed.at(-1), observed.at(-2)];
  if (lastUnclean !== undefined && last && lastUnclean >= last.from)
    return `clean again for ${progress(settled, settle)}`;
  return before ? `seen without a break for ${progress(settled, settle)}` : undefined;
}

interface Wait {
  readonly of: string;
  readonly milliseconds: number;
  readonly why: string;
}

/** `service, canary: 3m of 5m observed; rules: 2m of 5m observed` */
function toldOnce(waits: readonly Wait[]): string {
  const reasons = [...new Set(waits.map(({ why }) => why))];
  return reasons
    .map((why) => `${waits.flatMap((each) => (each.why === why ? [each.of] : [])).join(', ')}: ${why}`)
    .join('; ');
}

/** `, 97 % of the time`, when it isn't all of it. */
function share(observed: number, elapsed: number): string {
  const percent = elapsed > 0 ? Math.floor((100 * observed) / elapsed) : 100;
  return percent >= 100 ? '' : `, ${percent} % of the time`;
}
