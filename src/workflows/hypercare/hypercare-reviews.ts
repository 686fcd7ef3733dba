import { condition, sleep } from '@temporalio/workflow';
import { lastReview, nextReview, reviewLead } from '../../domain/hypercare/hypercare-windows.js';
import type { Run } from '../run/run.js';
import { noTimerForReports } from '../run/no-timer-for-reports.js';
import { hypercareOf } from './hypercare-record.js';

/** Segments end when a review is due. Reports that are not there then are waited for so long, and it is held without those that don't come: it waits for nobody. */
const ASKED_MS = 120_000;
/** The clocks of segments and of reviews may differ by a little. */
const TOLERANCE_MS = 1_000;

/** Health reviews on schedule, beside everything else: they delay nothing, and each is held once. Never returns; a cancelled scope ends it. */
export async function holdReviews(run: Run): Promise<never> {
  const { plan, watches } = run;
  const hypercare = hypercareOf(run);
  for (;;) {
    const { elapsed } = hypercare;
    const due = lastReview(plan.hypercare, elapsed);
    if (due !== undefined && due > hypercare.reviewedTo) {
      await freshReports(run, due);
      // Another may have come due meanwhile: the latest is held.
      hypercare.review(lastReview(plan.hypercare, hypercare.elapsed) ?? due);
      continue;
    }
    const next = nextReview(plan.hypercare, elapsed);
    if (next === undefined) await condition(() => false);
    // The segment of the service ends then, with a report or late: that wakes the run.
    else if (noTimerForReports() && watches.hears)
      await condition(() => hypercare.elapsed >= next && watches.heardOfService(wantedSince(run, next)));
    else await sleep(Math.max(1, next - elapsed), { summary: 'the next health review' });
  }
}

/** A report that saw up to this moment, in epoch milliseconds, or further is fresh for a review. */
function wantedSince(run: Run, due: number): number {
  return (hypercareOf(run).from ?? 0) + due - reviewLead(run.plan.checks) - TOLERANCE_MS;
}

/** Every watch has reported for the review that is due so many milliseconds after hypercare began, or had its time to. */
async function freshReports(run: Run, due: number): Promise<void> {
  const { watches } = run;
  const since = wantedSince(run, due);
  const heard = () => watches.heardForReview(since);
  if (heard()) return;
  if (!noTimerForReports()) watches.hurry();
  await condition(heard, ASKED_MS, { summary: 'reports for a health review' });
}
