import type { Standing } from './reading.js';
import type { TargetState } from './segment.js';

/** One check at one target as it was last reported. Moments are epoch milliseconds of the workflow's clock; absent when there was none. */
export interface ReportedCheck {
  readonly check: string;
  readonly target: string;
  readonly standing: Standing;
  /** Without readings for too long, as of the last report or, when that is late, by now. */
  readonly blind: boolean;
  /** Up to when the last report saw. */
  readonly seenTo: number;
  readonly last?: string;
  /** The triggers whose condition holds. */
  readonly running: readonly string[];
  /** The last reading that was not clean, the end of the last time without readings, and the last reading that met the condition of a trigger that rolls back after a time. */
  readonly failedAt?: number;
  readonly sawAgainAt?: number;
  readonly breachedAt?: number;
}

export function reportedCheck(
  { check, target, standing, last, breaches, ages = {} }: TargetState,
  reportedAt: number,
  blind: readonly { check: string; target: string }[],
): ReportedCheck {
  return {
    check,
    target,
    standing,
    blind: blind.some((each) => each.check === check && each.target === target),
    seenTo: reportedAt,
    running: breaches.map(({ trigger }) => trigger),
    ...(last === undefined ? {} : { last }),
    ...(ages.failing === undefined ? {} : { failedAt: reportedAt - ages.failing }),
    ...(ages.blind === undefined ? {} : { sawAgainAt: reportedAt - ages.blind }),
    ...(ages.breach === undefined ? {} : { breachedAt: reportedAt - ages.breach }),
  };
}
