import type { GoLiveResult } from '../run/status.js';
import type { Firing } from '../watching/segment.js';
import { breachKey, type WatchedChecks } from '../watching/watch-state.js';
import type { DecidedRecord } from './record.js';

/** What became of a go-live's release, as moments. ISO; a moment that isn't known, or wasn't, is missing. */
export interface Lifecycle {
  /** Of the first run of the go-live. */
  readonly id: string;
  readonly environment: string;
  /** As the plan calls it. */
  readonly service?: string | undefined;
  readonly release?: string | undefined;
  readonly previousRelease?: string | undefined;
  /** It took back an earlier go-live, and brought nothing new. */
  readonly rollback: boolean;
  readonly startedAt: string;
  /** Verified, and in hypercare. */
  readonly liveAt?: string | undefined;
  /** The first reading of the breach that stopped it, or the moment of the stop; only when something was deployed. */
  readonly failingSince?: string | undefined;
  readonly cause?: string | undefined;
  /** The previous release was proven to be back. */
  readonly restoredAt?: string | undefined;
  /** How it ended; missing while it hasn't. */
  readonly outcome?: string | undefined;
}

type Moments = Pick<Lifecycle, 'service' | 'liveAt' | 'failingSince'>;

/** What its evidence says, where that is here: better than what the server remembers. */
export function momentsOf(decided: readonly DecidedRecord[]): Moments {
  const plan = decided.find((each) => each.kind === 'plan');
  const live = decided.find((each) => each.kind === 'course' && each.course.is === 'hypercare');
  const stop = decided.find((each) => each.kind === 'stop');
  return {
    ...(plan ? { service: plan.plan.service } : {}),
    ...(live ? { liveAt: live.at } : {}),
    ...(stop ? { failingSince: firstFailing(decided, stop) ?? stop.at } : {}),
  };
}

/** Since when the breach runs that fired last before the stop, if a report has. */
function firstFailing(decided: readonly DecidedRecord[], stop: DecidedRecord & { kind: 'stop' }): string | undefined {
  if (stop.stop.kind !== 'trigger') return undefined;
  const report = decided.findLast(
    (each) =>
      each.kind === 'verdict' &&
      each.rule === 'report' &&
      each.n < stop.n &&
      (each.outcome as { fired: readonly Firing[] }).fired.length > 0,
  );
  if (report?.kind !== 'verdict' || report.at !== stop.at) return undefined;
  const { fired, known } = report.outcome as { fired: readonly Firing[]; known: WatchedChecks };
  // Others may have fired in the same report, such as an advisory one.
  const own = fired.filter(({ trigger }) => stop.stop.by === `trigger ${trigger}`);
  const since = Math.min(...own.flatMap((each) => known.since[breachKey(each, each.trigger)] ?? []));
  return Number.isFinite(since) ? new Date(since).toISOString() : undefined;
}

/** What its result says of the same, for a run whose evidence isn't here; and whether it was taken back, and when. */
export function momentsOfResult(
  result: Pick<GoLiveResult, 'outcome' | 'stop' | 'hypercare'> | undefined,
  endedAt: string | undefined,
): Pick<Lifecycle, 'liveAt' | 'failingSince' | 'restoredAt'> {
  const isBack = result?.outcome === 'rolled-back';
  const failed = isBack || result?.outcome === 'rollback-failed';
  return {
    ...(result?.hypercare ? { liveAt: result.hypercare.from } : {}),
    ...(failed && result.stop ? { failingSince: result.stop.at } : {}),
    ...(isBack && endedAt !== undefined ? { restoredAt: endedAt } : {}),
  };
}
