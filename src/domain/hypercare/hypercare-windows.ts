import type { Check, Hypercare, Playbook } from '../plan/playbook.js';

/** How often what is calm is looked at so long after hypercare began, at most, in milliseconds; 0 after the last window: everything at its own interval. */
export function paceAt({ windows }: Pick<Hypercare, 'windows'>, elapsed: number): number {
  return windows.find(({ until }) => elapsed < until)?.every ?? 0;
}

/** The pace of one check. Counters that golive scrapes itself are only as good as the looks in between, so they keep their own interval. */
export function paceFor(check: Check, { metrics }: Pick<Playbook, 'metrics'>, pace: number): number {
  return check.kind === 'metric' && metrics?.scrape !== undefined ? 0 : pace;
}

/** How often a check is looked at while it is calm, in milliseconds, where everything calm has this pace. */
export const everyAt = (check: Check, playbook: Pick<Playbook, 'metrics'>, pace: number): number =>
  Math.max(check.every, paceFor(check, playbook, pace));

/** When the next health review is due, in milliseconds after hypercare began; the one that falls on its end is the final summary. */
export function nextReview(
  { reviews, for: length }: Pick<Hypercare, 'reviews' | 'for'>,
  elapsed: number,
): number | undefined {
  if (!reviews) return undefined;
  const { from = reviews.every, every } = reviews;
  const next = elapsed < from ? from : from + (Math.floor((elapsed - from) / every) + 1) * every;
  return next === length ? next + every : next;
}

/** The last review that was due by now, in the same way; none before the first. */
export function lastReview(
  { reviews, for: length }: Pick<Hypercare, 'reviews' | 'for'>,
  elapsed: number,
): number | undefined {
  if (!reviews) return undefined;
  const { from = reviews.every, every } = reviews;
  if (elapsed < from) return undefined;
  const last = from + Math.floor((elapsed - from) / every) * every;
  if (last !== length) return last;
  return last - every < from ? undefined : last - every;
}

/** How long before a review its reports are due, in milliseconds: looks under way then have come to their end when it is held. */
export const reviewLead = (checks: readonly Pick<Check, 'timeout'>[]): number =>
  Math.max(0, ...checks.map(({ timeout }) => timeout));

/** Up to when a segment of watching these checks may last, in milliseconds after hypercare began: until their pace changes, or a review wants its report, `lead` before it. */
export function nextChange(
  hypercare: Pick<Hypercare, 'windows' | 'reviews' | 'for'>,
  elapsed: number,
  checks: readonly Pick<Check, 'every' | 'timeout'>[],
  lead = reviewLead(checks),
): number {
  const review = nextReview(hypercare, elapsed + lead) ?? Infinity;
  // Checks that are looked at more rarely than any pace have none.
  const slow = checks.every(({ every }) => hypercare.windows.every((window) => window.every <= every));
  const windows = slow ? [] : hypercare.windows.map(({ until }) => until).filter((until) => until > elapsed);
  return Math.min(review - lead, ...windows);
}
