import { condition, sleep } from '@temporalio/workflow';
import { lastReview, nextReview, reviewLead } from '../../domain/hypercare/hypercare-windows.js';
import type { Run } from '../run/run.js';
import { hypercareOf } from './hypercare-record.js';

/** Segments end before a review is due. Reports that are not there then are asked for, and it is held without those that don't come: it waits for nobody. */
const ASKED_MS = 120_000;
/** The clocks of segments and of reviews may differ by a little. */
const TOLERANCE_MS = 1_000;

/** Health reviews on schedule, beside everything else: they delay nothing, and each is held once. Never returns; a cancelled scope ends it. */
export async function holdReviews(run: Run): Promise<never> {
  const { plan } = run;
  const hypercare = hypercareOf(run);
  for (;;) {
    const { elapsed } = hypercare;
    const due = lastReview(plan.hypercare, elapsed);
    if (due !== undefined && due > hypercare.reviewedTo) {
      await freshReports(run, (hypercare.from ?? 0) + due);
      // Another may have come due meanwhile: the latest is held.
      hypercare.review(lastReview(plan.hypercare, hypercare.elapsed) ?? due);
      continue;
    }
    const next = nextReview(plan.hypercare, elapsed);
    if (next === undefined) await condition(() => false);
    else await sleep(Math.max(1, next - elapsed), { summary: 'the next health review' });
  }
}

/** Every watch has reported for this moment, in epoch milliseconds, or had its time to. */
async function freshReports({ watches, plan }: Run, due: number): Promise<void> {
  const since = due - reviewLead(plan.checks) - TOLERANCE_MS;
  const heard = () => watches.heardSince(since);
  if (heard()) return;
  watches.hurry();
  await condition(heard, ASKED_MS, { summary: 'reports for a health review' });
}
