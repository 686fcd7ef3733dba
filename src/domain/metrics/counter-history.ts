/** A counter of a scrape, and under which heading its growth is added up. */
export interface Counter {
  readonly value: number;
  readonly heading: string;
}

/** What one scrape of one instance found. */
export interface Scrape {
  /** A moment in milliseconds of the worker's monotonic clock, and the same moment in epoch milliseconds. */
  readonly at: number;
  readonly wallAt: number;
  /** By series. */
  readonly counters: ReadonlyMap<string, Counter>;
  /** When the process says it was started, in epoch milliseconds of its own clock. */
  readonly startedAt?: number | undefined;
}

/** How much was counted under each heading since the history began: it only grows, whatever restarts lie in between. */
interface Mark {
  readonly at: number;
  readonly totals: ReadonlyMap<string, number>;
  /** Nothing had been counted before it: the process was just born. */
  readonly birth?: true;
}

/** The counters of one instance over the last while. */
export interface CounterHistory {
  /** The oldest first; the last is the newest scrape. */
  readonly marks: readonly Mark[];
  readonly last: Scrape;
  /** Moments at which the process was found started again. */
  readonly restarts: readonly number[];
  /** Moments at which an older process answered than before: several share this address. */
  readonly switches: readonly number[];
  /** Series that this process has had, and has no more, with their heading. */
  readonly gone: ReadonlyMap<string, string>;
  /** When the process was started, as far as it has ever said so: one that has counted nothing yet says nothing. */
  readonly startedAt: number | undefined;
}

/** How much was counted under each heading, and over how long in milliseconds that was seen. */
export interface Growth {
  readonly grown: ReadonlyMap<string, number>;
  readonly coveredMs: number;
  /** It was seen from the beginning of the process: nothing is missing, however short it is. */
  readonly fromBirth: boolean;
}

/** So many marks are kept of one window: enough to cut it to within 2 %. */
const RESOLUTION = 60;
/** By how much the clocks of a service and of a worker may differ. */
const CLOCKS_DIFFER_MS = 2_000;

/**
 * Takes in the next scrape. A counter that went down counts from zero, and so does a series that wasn't there before: never a negative number, and no
 * spike. A process that began inside the window is counted from its beginning, also at its first scrape.
 */
export function follow(history: CounterHistory | undefined, scrape: Scrape, windowMs: number): CounterHistory {
  const { at, counters } = scrape;
  // One that has not begun yet has a clock that can't be compared with ours.
  const startedAt =
    scrape.startedAt !== undefined && scrape.startedAt <= scrape.wallAt + CLOCKS_DIFFER_MS
      ? scrape.startedAt
      : undefined;
  if (history === undefined) {
    const age = startedAt === undefined ? Infinity : Math.max(0, scrape.wallAt - startedAt);
    const totals = added(new Map(), age < windowMs ? [...counters.values()] : []);
    return {
      marks: [
        ...(age < windowMs ? [{ at: at - age, totals: new Map<string, number>(), birth: true as const }] : []),
        { at, totals },
      ],
      last: scrape,
      restarts: [],
      switches: [],
      gone: new Map(),
      startedAt,
    };
  }
  const { last, startedAt: knownStart } = history;
  const moved = startedAt === undefined || knownStart === undefined ? 0 : startedAt - knownStart;
  // Only a process that began after the last scrape is a restart of the one seen then.
  const restarted = moved > 0 && startedAt !== undefined && startedAt >= last.wallAt - CLOCKS_DIFFER_MS;
  let wentDown = false;
  const grown = [...counters].map(([series, { value, heading }]): Counter => {
    const before = last.counters.get(series)?.value;
    if (before === undefined || restarted) return { value, heading };
    wentDown ||= value < before;
    return { value: value < before ? value : value - before, heading };
  });
  // Nothing of what was counted is left: that is another process, be it that nothing tells when it began.
  const isAnother = ![...last.counters.keys()].some((series) => counters.has(series));
  const windowBegan = at - windowMs;
  const recent = (moments: readonly number[], now: boolean) => [
    ...moments.filter((moment) => moment > windowBegan),
    ...(now ? [at] : []),
  ];
  const gone = new Map([
    ...history.gone,
    ...[...last.counters].map(([series, { heading }]): [string, string] => [series, heading]),
  ]);
  for (const series of counters.keys()) gone.delete(series);
  return {
    marks: thinned(
      [...history.marks, { at, totals: added(history.marks.at(-1)?.totals, grown) }],
      windowBegan,
      windowMs / RESOLUTION,
    ),
    last: scrape,
    restarts: recent(history.restarts, restarted || wentDown),
    // Some take the beginning anew from the clock at each scrape, and clocks are put right: a little earlier alone is no other process.
    switches: recent(history.switches, moved < -CLOCKS_DIFFER_MS || (moved < 0 && wentDown)),
    gone: restarted || wentDown || isAnother ? new Map() : gone,
    startedAt: startedAt ?? knownStart,
  };
}

function added(totals: ReadonlyMap<string, number> | undefined, counters: readonly Counter[]): Map<string, number> {
  const sums = new Map(totals);
  for (const { value, heading } of counters) sums.set(heading, (sums.get(heading) ?? 0) + value);
  return sums;
}

/** Keeps one mark that is as old as the window, and of the younger ones no more than are needed; always the newest. */
function thinned(marks: readonly Mark[], windowBegan: number, apart: number): Mark[] {
  const kept: Mark[] = [];
  for (const [index, mark] of marks.entries()) {
    const next = marks[index + 1];
    if (next && next.at <= windowBegan) continue;
    const before = kept.at(-1);
    if (next && before && mark.at - before.at < apart) continue;
    kept.push(mark);
  }
  return kept;
}

/** From which part of the window on it counts as covered: looks are never exact to the millisecond. */
const NEARLY = 0.9;
export const covers = ({ coveredMs, fromBirth }: Growth, windowMs: number): boolean =>
  fromBirth || coveredMs >= windowMs * NEARLY;

/**
 * The growth over the window before the newest scrape; undefined when there is nothing to compare it with yet. It may cover less, when the history is
 * younger, or more, when nobody looked in between; what is older than `oldestMs` is not compared with: it is of another time.
 */
export function growthOver({ marks, last }: CounterHistory, windowMs: number, oldestMs = Infinity): Growth | undefined {
  const newest = marks.at(-1);
  const earlier = marks.slice(0, -1).filter((mark) => newest !== undefined && newest.at - mark.at <= oldestMs);
  const base = newest && (earlier.findLast((mark) => newest.at - mark.at >= windowMs * NEARLY) ?? earlier[0]);
  if (!newest || !base) return undefined;
  // What an earlier process has left at this address, and this one doesn't count at all, is no zero.
  const counts = new Set([...last.counters.values()].map(({ heading }) => heading));
  const grown = new Map(
    [...newest.totals]
      .map(([heading, total]): [string, number] => [heading, total - (base.totals.get(heading) ?? 0)])
      .filter(([heading, count]) => count !== 0 || counts.has(heading)),
  );
  return { grown, coveredMs: newest.at - base.at, fromBirth: base.birth === true };
}
