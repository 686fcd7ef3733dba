import { sleep, workflowInfo } from '@temporalio/workflow';
import type { Freezing } from '../../domain/freeze/freeze-window.js';
import { iso } from '../../domain/time/iso.js';
import { lasted } from '../../domain/time/lasted.js';
import { opening } from '../activities.js';
import { decide } from '../run/evidence.js';
import type { Run } from '../run/run.js';
import { Stopped } from '../run/stopped.js';

/** When a run begins or began, in epoch milliseconds. */
export const beginsAt = (run: Run): number =>
  run.state.beginning.at ?? scheduledAt(run) ?? workflowInfo().startTime.getTime();

/** The moment that is to be judged when the plan is opened, in epoch milliseconds: a worker may be late. */
export const wantedAt = (run: Run): number => Math.max(scheduledAt(run) ?? 0, Date.now());

/**
 * A go-live begins at once or at the time it was started for, and in no freeze window unless a person has overridden it. Throws when it must not begin.
 * @param freezing what the freeze windows say of the moment it wants to begin
 */
export async function begin(run: Run, freezing: Freezing): Promise<void> {
  const { state } = run;
  judge(run, freezing, wantedAt(run));
  const scheduled = scheduledAt(run);
  if (scheduled !== undefined) {
    run.enter({ is: 'scheduled' }, `begins at ${iso(scheduled)}; until then the environment is reserved`);
    await sleep(Math.max(1, scheduled - Date.now()), { summary: 'until it begins' });
    await unlessLate(run, scheduled, Date.now());
    await run.mayGoOn();
    const now = Date.now();
    if (run.plan.freezes.length > 0) judge(run, await opening.lookAtFreezes({ planHash: run.planHash, at: now }), now);
    state.beginning = { ...state.beginning, at: now };
    run.record('it begins');
  }
  const { freezeOverride } = state.beginning;
  if (freezeOverride !== undefined) run.record(`freeze windows: ${freezeOverride}`);
}

function scheduledAt({ input: { startAt } }: Run): number | undefined {
  return startAt === undefined ? undefined : Date.parse(startAt);
}

function judge({ input, state, plan }: Run, freezing: Freezing, at: number): void {
  const ruling = decide('freeze', { freezing, input, at }, plan);
  if (ruling.kind === 'frozen') throw new Stopped({ kind: 'failure', reason: ruling.why, by: 'freeze window' });
  if ('text' in ruling) state.beginning = { ...state.beginning, freezeOverride: ruling.text };
}

/** Somebody has planned to be there at the time, not hours later: without a worker at that time it is a question, after the patience of a page. */
async function unlessLate(run: Run, scheduled: number, now: number): Promise<void> {
  if (now - scheduled < run.plan.holds.pageAgain) return;
  const decision = await run.ask({
    id: 'late-start',
    reason: `It was to begin at ${iso(scheduled)}, and for ${lasted(now - scheduled)} no worker was there. Is it still wanted now?`,
    choices: ['begin', run.wayOut()],
  });
  if (decision.choice !== 'begin') run.leave(decision);
}
