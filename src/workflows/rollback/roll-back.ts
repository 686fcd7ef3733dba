import { describeEnd, succeeded } from '../../domain/commands/command.js';
import { errorSaid } from '../../domain/commands/what-it-said.js';
import { whatFailed } from '../../domain/run/findings.js';
import type { Decision } from '../../domain/people/hold.js';
import { restoreText } from '../../domain/rollback/restore-status.js';
import type { Finding, GoLiveResult } from '../../domain/run/status.js';
import { proofs } from '../activities.js';
import { faultOf } from '../run/fault-of.js';
import type { GoLive } from '../run/go-live.js';
import { Stopped } from '../run/stopped.js';
import { runRestore } from './run-restore.js';
import { runSmoke } from '../phases/smoke.js';
import { takenOver } from './taken-over.js';

/** What a rollback does next. Each of them ends with the proof. */
export type RollbackStep = 'revert' | 'restore' | 'prove';

/**
 * Playbook §5, in a scope nothing cancels: the command in flight is fenced, the rollback runs, and only proof ends it. What can't be done or can't
 * be known becomes a hold that pages again and again; a person who takes over ends it, recorded as such.
 * @param begin what has to be known before anything is announced or done; `leave` ends the run with nothing done
 */
export async function rollBack(
  goLive: GoLive,
  begin: () => Promise<RollbackStep | 'leave'> = () => Promise.resolve('revert'),
): Promise<GoLiveResult> {
  const { input, restore } = goLive;
  goLive.enter('rolling-back', `rolling back to ${input.previousRelease}`);
  let fault: string | undefined;
  try {
    let step = await begin();
    if (step === 'leave')
      return await goLive.end('aborted', `nothing was done; ${input.previousRelease} was live already`);
    // Whoever has decided in hypercare was told then.
    const foreign = goLive.foundLive ?? (goLive.stop?.kind === 'decision' ? undefined : goLive.hypercare.foreign);
    if (foreign !== undefined) await mayDestroy(goLive, foreign);
    goLive.announce('aborted', { reason: goLive.stop?.reason });
    for (let told = false; ;) {
      fault = await take(goLive, step);
      if (fault !== undefined) {
        step = await whatNext(goLive, fault);
        continue;
      }
      if (!told) goLive.announce('rolledBack', { reason: goLive.stop?.reason });
      told = true;
      // If the rollback command never succeeded and a person has done its work.
      await restore.propose();
      await restore.answered();
      if (!restore.isApproved) return await goLive.end('rolled-back', summaryOf(goLive));
      step = 'restore';
    }
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    return await takenOver(goLive, error.stop, fault);
  }
}

/** Says what is missing for a proof, or nothing. */
async function take(goLive: GoLive, step: RollbackStep): Promise<string | undefined> {
  if (step === 'restore') await runRestore(goLive);
  if (step === 'revert') {
    const fault = await faultOf(() => revert(goLive));
    if (fault !== undefined) return `${fault}; nothing after it was looked at`;
    await goLive.restore.propose();
  }
  return faultOf(() => unproven(goLive));
}

/** A rollback would take away what somebody else has deployed: that is asked, with nothing running. */
async function mayDestroy(goLive: GoLive, foreign: string): Promise<void> {
  const { input, commands, holds } = goLive;
  await commands.stopInFlight();
  const decision: Decision = await holds.ask({
    id: 'foreign-version',
    reason: `${foreign} is live, which is neither ${input.release} nor ${input.previousRelease}: somebody has deployed it beside golive. A rollback to ${input.previousRelease} would take it away.`,
    choices: ['roll-back', 'take-over'],
  });
  if (decision.choice !== 'roll-back') goLive.leave(decision);
}

/** Runs the rollback command; a known failure is tried again as the plan says, each try a decision of its own. */
async function revert({ commands, plan }: GoLive): Promise<string | undefined> {
  await commands.stopInFlight();
  let fault = '';
  for (let attempt = 1; attempt <= plan.rollback.attempts; attempt += 1) {
    const { end, stdout, stderr } = await commands.run('rollback');
    if (succeeded(end)) return undefined;
    fault = [`the rollback command failed, ${describeEnd(end)}`, errorSaid({ stdout, stderr })]
      .filter(Boolean)
      .join(': ');
  }
  return fault;
}

/** Playbook §5.4. Says what is missing for a proof, or nothing. */
async function unproven(goLive: GoLive): Promise<string | undefined> {
  const { planHash, input, plan, proof } = goLive;
  proof.length = 0;
  goLive.find(
    proof,
    await proofs.proveLiveVersion({ planHash, release: input.previousRelease, withinMs: plan.rollback.provenWithin }),
  );
  goLive.find(proof, ...(await proofs.lookAtChecks({ planHash })));
  const smoke = await runSmoke(goLive, 'rollback-smoke');
  goLive.find(
    proof,
    smoke.state === 'unknown' ? { ...smoke, state: 'fail', detail: `not known: ${smoke.detail}` } : smoke,
  );
  goLive.find(proof, ...(await lookAtRules(goLive)));
  return whatFailed(proof.filter((each) => !isAboutData(each)));
}

/** The contracts, held against what this very release answered before the deploy. What isn't as it should be is looked at once more: it has just begun to serve. */
async function lookAtRules({ commands, baseline }: GoLive): Promise<Finding[]> {
  const first = (await commands.lookAtRules(baseline)).findings;
  return whatFailed(first) === undefined ? first : (await commands.lookAtRules(baseline)).findings;
}

/** Another release doesn't mend data: what the integrity command says is shown and is the leads' question (a restore), and no missing proof. */
const isAboutData = ({ name }: Finding) => name === 'integrity';

/** What is done about a rollback that isn't proven: what a person says, or the restore that a lead approves meanwhile. */
async function whatNext(goLive: GoLive, fault: string): Promise<RollbackStep> {
  const { holds, input, restore } = goLive;
  if (restore.isApproved) return 'restore';
  goLive.announce('rollbackFailed', { reason: fault });
  const hold = {
    id: 'rollback-failed',
    reason: `The rollback to ${input.previousRelease} is not proven: ${fault}.`,
    choices: ['retry', 'prove-again', 'take-over'],
  };
  const decision = await holds.askUntil(hold, () => restore.isApproved);
  if (decision === undefined) return 'restore';
  if (decision.choice === 'take-over') goLive.leave(decision);
  return decision.choice === 'retry' ? 'revert' : 'prove';
}

function summaryOf({ input, stop, proof, restore }: GoLive): string {
  const data = whatFailed(proof.filter(isAboutData));
  return [
    `${input.previousRelease} is live again, proven; ${stop?.reason}`,
    ...(data === undefined ? [] : [`the data check fails: ${data}`]),
    ...(restore.status && (restore.status.state !== 'not proposed' || restore.status.ran !== undefined)
      ? [`data restore ${restoreText(restore.status)}`]
      : []),
  ].join('; ');
}
