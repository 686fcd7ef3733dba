import { CancellationScope, condition, sleep } from '@temporalio/workflow';
import { missingText } from '../../domain/hypercare/exit-criteria.js';
import type { GoLive } from '../run/go-live.js';
import { untilCancelled } from '../run/until-cancelled.js';
import type { Watch } from '../watching/watch.js';

/** How long after the moment at which a criterion can be met its report is asked for: a report of that very moment may be a hair too early. */
const MARGIN_MS = 1_000;

/**
 * Hypercare ends when its time is over, its exit criteria are met, and a look after that finds everything clean: a service nobody sees, or asks about, isn't
 * called complete, and nothing ends by a look from before the last answer of a person. Then somebody acknowledges the closing note, where there is one.
 */
export async function toTheEnd(goLive: GoLive, watch: Watch | undefined): Promise<void> {
  const { hypercare, plan, watching } = goLive;
  await sleep(Math.max(1, plan.hypercare.for - hypercare.elapsed), { summary: 'hypercare' });
  let since = 0;
  const lookAgain = () => {
    since = Date.now();
    watching.lookAgain();
  };
  const isSo = () =>
    (watch?.cleanAfter(since) ?? true) &&
    watching.heardSince(since) &&
    watching.isClean() &&
    hypercare.heardAfter(since) &&
    hypercare.isMet();
  lookAgain();
  for (;;) {
    if ((await metOrAnswered(goLive, isSo)) === 'end-anyway') return;
    if (goLive.waitsForPeople !== undefined || watching.blocks) await goLive.mayGoOn();
    else if (!isSo()) continue;
    else if (hypercare.isComplete()) return;
    else await acknowledgement(goLive, plan.hypercare.exit.closingNote ?? '');
    lookAgain();
  }
}

/** Waits until it is so. When that takes longer than the patience of a page, people are asked meanwhile; they may end it as it is. */
async function metOrAnswered(goLive: GoLive, isSo: () => boolean): Promise<'met' | 'end-anyway'> {
  const scope = new CancellationScope();
  return await Promise.race([
    askAboutEnd(goLive, isSo),
    untilCancelled(scope.run(() => askForReports(goLive))),
  ]).finally(() => scope.cancel());
}

async function askAboutEnd(goLive: GoLive, isSo: () => boolean): Promise<'met' | 'end-anyway'> {
  const { holds, plan, hypercare, watching } = goLive;
  if (await condition(isSo, plan.holds.pageAgain, { summary: 'a clean look at the end of hypercare' })) return 'met';
  const missing = [missingText(hypercare.missing()), watching.unclean().join('; ')].filter(Boolean).join('; ');
  const decision = await holds.askUntil(
    {
      id: 'hypercare-end',
      reason: `Hypercare is past its end time but can't end: ${missing || 'a fresh look at everything is missing'}. It ends by itself once nothing is missing.`,
      choices: ['end-anyway', goLive.wayOut()],
    },
    isSo,
  );
  if (!decision) return 'met';
  if (decision.choice !== 'end-anyway') return goLive.leave(decision);
  hypercare.endedAnyway(decision);
  return 'end-anyway';
}

/** Segments are long: when a criterion only takes time, its report is asked for when that is over. */
async function askForReports({ hypercare, watching }: GoLive): Promise<never> {
  for (;;) {
    const earliest = hypercare.earliest();
    const changed = () => hypercare.earliest() !== earliest;
    if (earliest === undefined) await condition(changed);
    else if (
      !(await condition(changed, Math.max(1, earliest + MARGIN_MS - Date.now()), {
        summary: 'until the exit criteria can be met',
      }))
    ) {
      watching.hurry();
      await condition(changed);
    }
  }
}

/** The closing note (exit criteria of the runbook). The question is taken back when something isn't met any more. */
async function acknowledgement(goLive: GoLive, note: string): Promise<void> {
  const { hypercare, holds } = goLive;
  const decision = await holds.askUntil(
    { id: 'closing-note', reason: `${note} ${hypercare.summary()}.`, choices: ['acknowledge', goLive.wayOut()] },
    () => !hypercare.isMet(),
  );
  if (decision?.choice === 'acknowledge') hypercare.acknowledge(decision.by);
  else if (decision) goLive.leave(decision);
}
