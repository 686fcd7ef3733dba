import type { Plan } from '../plan/plan.js';
import { nextChange } from '../hypercare/hypercare-windows.js';
import { isRule, type Check } from '../plan/playbook/check.js';
import { backoff } from '../announcing/backoff.js';
import type { Phase } from '../run/status.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A question that has been open, or a pause that has lasted, for so long slows the reports down, and one of days further: its answer asks for a report at once. */
const LONG_WAIT = 10 * MINUTE;

/** A watch that reports when something changes does so after this time, too: the exit criteria are as of the last report. */
const QUIET = 2 * HOUR;
/** Contracts and integrity have no values that a report could bring. */
const QUIET_RULES = 24 * HOUR;

/**
 * When the history hears of a watch in hypercare: `when something changes` as long as nothing does; `at reviews` also in between, so that what was told
 * together comes soon; `before reviews` in runs that 0.1.0 began.
 */
export type Reporting = 'before reviews' | 'at reviews' | 'when something changes';

/** How long it takes, in milliseconds, until each of these checks has been looked at once more. */
export const oneLook = (checks: readonly Pick<Check, 'every' | 'timeout'>[]): number =>
  Math.max(...checks.map(({ every, timeout }) => every + timeout));

/**
 * How long one segment of watching lasts, in milliseconds, if nothing happens. A trigger that fires ends it at once in any case; the length only
 * says how often the history hears that all is well, so that 72 hours stay far under Temporal's limits (promise 7), also with a question open,
 * during a pause, and in a hypercare that doesn't end because something isn't clean. In hypercare it runs past no
 * change of pace and no health review, which wants a report then; of contracts and integrity that are quiet it wants none.
 * `soaksForMs`: before that nothing can be promoted; while all is calm a soak needs no report for each `settle` then.
 */
export function segmentLength(
  plan: Pick<Plan, 'stages' | 'hypercare'>,
  checks: Plan['checks'],
  phase: Phase,
  hypercareElapsed: number,
  waitingFor = 0,
  reporting: Reporting = 'before reviews',
  soaksForMs?: number,
): number {
  const waits =
    waitingFor > LONG_WAIT ? backoff(waitingFor, { least: 10 * MINUTE, most: HOUR, after: 2 * HOUR }) : undefined;
  const quiet = reporting === 'when something changes' && waitingFor === 0;
  if (phase !== 'hypercare') {
    if (quiet && soaksForMs !== undefined) return Math.min(MINUTE, soaksForMs);
    return waits ?? Math.min(MINUTE, ...plan.stages.flatMap(({ soak }) => (soak ? [soak.settle, soak.min] : [])));
  }
  const rules = checks.every(isRule);
  const change =
    nextChange(
      quiet && rules ? { ...plan.hypercare, reviews: undefined } : plan.hypercare,
      hypercareElapsed,
      checks,
      reporting === 'before reviews' ? undefined : 0,
    ) - hypercareElapsed;
  if (waits !== undefined) return Math.min(waits, change);
  const end = Math.max(oneLook(checks), Math.abs(plan.hypercare.for - hypercareElapsed));
  if (quiet) return Math.min(rules ? QUIET_RULES : QUIET, change, end);
  const calm = rules
    ? HOUR
    : hypercareElapsed < 8 * HOUR
      ? 10 * MINUTE
      : hypercareElapsed < 24 * HOUR
        ? 30 * MINUTE
        : HOUR;
  return Math.min(calm, change, end);
}
