import { condition, sleep } from '@temporalio/workflow';
import { lastReview, nextReview } from '../domain/hypercare-windows.js';
import type { GoLive } from './go-live.js';

/** Segments end when a review is due; their reports take about so long. */
const REPORTS_MS = 30_000;
/** Then they are asked for, and a review is held without those that don't come: it waits for nobody. */
const ASKED_MS = 120_000;

/** Health reviews on schedule, beside everything else: they delay nothing, and each is held once. Never returns; a cancelled scope ends it. */
export async function holdReviews(goLive: GoLive): Promise<never> {
  const { hypercare, plan } = goLive;
  for (;;) {
    const { elapsed } = hypercare;
    const due = lastReview(plan.hypercare, elapsed);
    if (due !== undefined && due > hypercare.reviewedTo) {
      await freshReports(goLive, (hypercare.from ?? 0) + due);
      hypercare.review(due);
      continue;
    }
    const next = nextReview(plan.hypercare, elapsed);
    if (next === undefined) await condition(() => false);
    else await sleep(Math.max(1, next - elapsed), { summary: 'the next health review' });
  }
}

/** Every watch has reported since this moment, in epoch milliseconds, or had its time to. */
async function freshReports({ watching }: GoLive, since: number): Promise<void> {
  const heard = () => watching.heardSince(since);
  if (await condition(heard, REPORTS_MS, { summary: 'reports for a health review' })) return;
  watching.hurry();
  await condition(heard, ASKED_MS, { summary: 'reports for a health review' });
}
