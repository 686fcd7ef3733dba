import { CancellationScope, condition, sleep } from '@temporalio/workflow';
import { missingText } from '../../domain/hypercare/exit-criteria.js';
import type { WatchPort } from '../run/ports.js';
import type { Run } from '../run/run.js';
import { untilCancelled } from '../run/until-cancelled.js';
import { hypercareOf } from './hypercare-record.js';

/** How long after the moment at which a criterion can be met its report is asked for: a report of that very moment may be a hair too early. */
const MARGIN_MS = 1_000;

/**
 * Hypercare ends when its time is over, its exit criteria are met, and a look after that finds everything clean: a service nobody sees, or asks about, isn't
 * called complete, and nothing ends by a look from before the last answer of a person. Then somebody acknowledges the closing note, where there is one.
 */
export async function toTheEnd(run: Run, watch: WatchPort | undefined): Promise<void> {
  const { plan, watches } = run;
  const hypercare = hypercareOf(run);
  await sleep(Math.max(1, plan.hypercare.for - hypercare.elapsed), { summary: 'hypercare' });
  let since = 0;
  const lookAgain = () => {
    since = Date.now();
    watches.lookAgain();
  };
  const isSo = () =>
    (watch?.cleanAfter(since) ?? true) &&
    watches.heardSince(since) &&
    watches.isClean() &&
    hypercare.heardAfter(since) &&
    hypercare.isMet();
  lookAgain();
  for (;;) {
    if ((await metOrAnswered(run, isSo)) === 'end-anyway') return;
    if (run.waitsForPeople !== undefined || watches.blocks) await run.mayGoOn();
    else if (!isSo()) continue;
    else if (hypercare.isComplete()) return;
    else await acknowledgement(run, plan.hypercare.exit.closingNote ?? '');
    lookAgain();
  }
}

/** Waits until it is so. When that takes longer than the patience of a page, people are asked meanwhile; they may end it as it is. */
async function metOrAnswered(run: Run, isSo: () => boolean): Promise<'met' | 'end-anyway'> {
  const scope = new CancellationScope();
  return await Promise.race([askAboutEnd(run, isSo), untilCancelled(scope.run(() => askForReports(run)))]).finally(() =>
    scope.cancel(),
  );
}

async function askAboutEnd(run: Run, isSo: () => boolean): Promise<'met' | 'end-anyway'> {
  const { plan, watches } = run;
  const hypercare = hypercareOf(run);
  if (await condition(isSo, plan.holds.pageAgain, { summary: 'a clean look at the end of hypercare' })) return 'met';
  const missing = [missingText(hypercare.missing()), watches.unclean().join('; ')].filter(Boolean).join('; ');
  const decision = await run.askUntil(
    {
      id: 'hypercare-end',
      reason: `Hypercare is past its end time but can't end: ${missing || 'a fresh look at everything is missing'}. It ends by itself once nothing is missing.`,
      choices: ['end-anyway', run.wayOut()],
    },
    isSo,
  );
  if (!decision) return 'met';
  if (decision.choice !== 'end-anyway') run.leave(decision);
  hypercare.endedAnyway(decision);
  return 'end-anyway';
}

/** Segments are long: when a criterion only takes time, its report is asked for when that is over. */
async function askForReports(run: Run): Promise<never> {
  const hypercare = hypercareOf(run);
  for (;;) {
    const earliest = hypercare.earliest();
    const changed = () => hypercare.earliest() !== earliest;
    if (earliest === undefined) await condition(changed);
    else if (
      !(await condition(changed, Math.max(1, earliest + MARGIN_MS - Date.now()), {
        summary: 'until the exit criteria can be met',
      }))
    ) {
      run.watches.hurry();
      await condition(changed);
    }
  }
}

/** The closing note (exit criteria of the runbook). The question is taken back when something isn't met any more. */
async function acknowledgement(run: Run, note: string): Promise<void> {
  const hypercare = hypercareOf(run);
  const decision = await run.askUntil(
    { id: 'closing-note', reason: `${note} ${hypercare.summary()}.`, choices: ['acknowledge', run.wayOut()] },
    () => !hypercare.isMet(),
  );
  if (decision?.choice === 'acknowledge') hypercare.acknowledge(decision.by);
  else if (decision) run.leave(decision);
}
