import { CancellationScope, condition } from '@temporalio/workflow';
import { formatDuration } from '../../domain/time/duration.js';
import { continueWhenLong } from '../run/continue-as-new.js';
import type { WatchPort } from '../run/ports.js';
import type { Run } from '../run/run.js';
import { untilCancelled } from '../run/until-cancelled.js';
import { toTheEnd } from './hypercare-end.js';
import { holdReviews } from './hypercare-reviews.js';
import { hypercareOf } from './hypercare-record.js';
import { askAboutLiveVersion } from './live-version.js';

/**
 * The hours after a go-live (playbook §6 C, and the hypercare runbook): watched, with a health review on schedule, until their time is over and the exit
 * criteria are met, or a hotfix supersedes the release. In as many runs as its history needs: one that continues another goes on where that was.
 */
export async function hypercare(run: Run, watch: WatchPort | undefined): Promise<void> {
  await run.supersession.unless(() => Promise.race([watchOver(run, watch), untilCancelled(continueWhenLong(run))]));
}

async function watchOver(run: Run, watch: WatchPort | undefined): Promise<void> {
  const { plan, watches, state } = run;
  const care = hypercareOf(run);
  if (state.course.is !== 'hypercare') {
    run.enter({ is: 'hypercare' }, `hypercare for ${formatDuration(plan.hypercare.for)}`);
    // Not before: a run that is stopped in this very moment has no hypercare.
    care.begin();
    run.show();
  }
  // What is seen from now on is seen in hypercare.
  watches.hurry();
  const scope = new CancellationScope();
  const beside = [holdReviews, askAboutLiveVersion, followP1];
  try {
    await scope.run(() => Promise.race([toTheEnd(run, watch), ...beside.map((each) => untilCancelled(each(run)))]));
  } finally {
    care.end();
    scope.cancel();
  }
  care.close();
}

/** Remembers until when something was a P1, or may have been. Never returns; a cancelled scope ends it. */
async function followP1(run: Run): Promise<never> {
  const care = hypercareOf(run);
  for (;;) {
    await condition(() => care.mayBeP1());
    await condition(() => !care.mayBeP1());
    care.wasP1();
  }
}
