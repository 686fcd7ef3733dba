import { CancellationScope, condition, sleep } from '@temporalio/workflow';
import { formatDuration } from '../domain/duration.js';
import type { GoLive } from './go-live.js';
import { untilCancelled } from './until-cancelled.js';
import type { Watch } from './watch.js';

/** Hypercare ends when its time is over and a look after that finds everything clean: a service nobody sees, or asks about, isn't called complete. */
export async function hypercare(goLive: GoLive, watch: Watch | undefined): Promise<void> {
  if (goLive.hypercareFrom === undefined) goLive.enter('hypercare', `hypercare for ${formatDuration(goLive.plan.hypercare.for)}`);
  const left = (goLive.hypercareFrom ?? 0) + goLive.plan.hypercare.for - Date.now();
  if (left > 0) await sleep(left, { summary: 'hypercare' });
  const over = Date.now();
  goLive.watching.hurry();
  const isSo = () => (watch?.cleanAfter(over) ?? true) && goLive.watching.heardSince(over) && goLive.watching.isClean();
  const asked = new CancellationScope();
  const asking = asked.run(() => askAboutEnd(goLive, isSo));
  await Promise.race([goLive.mayGoOn(isSo), untilCancelled(asking)]).finally(() => asked.cancel());
}

/** A service that isn't clean when its time is over is a question to people, after the patience of a page. Returns when they let it end. */
async function askAboutEnd(goLive: GoLive, isClean: () => boolean): Promise<void> {
  await condition(isClean, goLive.plan.holds.pageAgain, { summary: 'a clean look at the end of hypercare' });
  if (isClean()) return await goLive.mayGoOn(isClean);
  const decision = await goLive.holds.ask({ id: 'hypercare-end', reason: `The time of hypercare is over, and not everything was seen clean since: ${goLive.watching.unclean().join('; ') || 'a fresh look is missing'}. It ends by itself when everything is.`, choices: ['end-anyway', goLive.wayOut()] });
  if (decision.choice !== 'end-anyway') goLive.leave(decision);
}
