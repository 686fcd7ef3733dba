import { describeEnd } from '../../domain/commands/command.js';
import { errorSaid } from '../../domain/commands/what-it-said.js';
import { whatFailed } from '../../domain/run/findings.js';
import { isAboutData } from '../../domain/rollback/restore-proposed.js';
import { restoreText } from '../../domain/rollback/restore-status.js';
import { causeText } from '../../domain/run/cause.js';
import { rolledBackStages } from '../../domain/run/stages.js';
import { stopOf } from '../../domain/run/course.js';
import type { Finding, GoLiveResult, Stop } from '../../domain/run/status.js';
import { proofs } from '../activities.js';
import { hypercareOf } from '../hypercare/hypercare-record.js';
import { decide } from '../run/evidence.js';
import { faultOf } from '../run/fault-of.js';
import type { Run } from '../run/run.js';
import { Stopped } from '../run/stopped.js';
import type { RollbackStep } from './rollback-step.js';
import { runRestore } from './run-restore.js';
import { runSmoke } from '../phases/smoke.js';
import { takenOver } from './taken-over.js';

/**
 * Playbook §5, in a scope nothing cancels: the command in flight is fenced, the rollback runs, and only proof ends it. What can't be done or can't
 * be known becomes a hold that pages again and again; a person who takes over ends it, recorded as such.
 * @param stop why
 * @param begin what has to be known before anything is announced or done; `leave` ends the run with nothing done
 */
export async function rollBack(
  run: Run,
  stop: Stop,
  begin: () => Promise<RollbackStep | 'leave'> = () => Promise.resolve('revert'),
): Promise<GoLiveResult> {
  const { input, restore, doubts } = run;
  run.enter({ is: 'rolling-back', stop }, `rolling back to ${input.previousRelease}`);
  doubts.ofChecks();
  let fault: string | undefined;
  try {
    let step = await begin();
    if (step === 'leave')
      return await run.end('aborted', `nothing was done; ${input.previousRelease} was live already`);
    // Whoever has decided in hypercare was told then.
    const foreign = run.state.foundLive ?? (stop.kind === 'decision' ? undefined : hypercareOf(run).foreign);
    if (foreign !== undefined) await mayDestroy(run, foreign);
    // What people were asked took as long as they took.
    if (foreign !== undefined || input.rollback !== undefined) run.metrics.decided(Date.now());
    run.metrics.rollsBack(stop.kind);
    const warning = doubts.howToSay();
    run.announce('aborted', { reason: causeText(stop), ...(warning === undefined ? {} : { warning }) });
    for (let told = false; ;) {
      fault = await take(run, step, stop);
      if (fault !== undefined) {
        step = await whatNext(run, fault);
        continue;
      }
      if (!told) tellRolledBack(run, stop);
      told = true;
      // If the rollback command never succeeded and a person has done its work.
      await restore.consider('proven');
      await restore.answered();
      if (!restore.isApproved) {
        run.state.stages = rolledBackStages(run.state.stages, new Date().toISOString());
        return await run.end('rolled-back', summaryOf(run, stopOf(run.state.course) ?? stop));
      }
      step = 'restore';
    }
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    return await takenOver(run, error.stop, fault);
  }
}

/** Says what is missing for a proof, or nothing. */
async function take(run: Run, step: RollbackStep, { kind }: Stop): Promise<string | undefined> {
  if (step === 'restore') await runRestore(run);
  if (step === 'revert') {
    const fault = await faultOf(() => revert(run, kind));
    if (fault !== undefined) return `${fault}; nothing after it was looked at`;
    await run.restore.consider('reverted');
  }
  const fault = await faultOf(() => unproven(run));
  if (fault !== undefined) await run.restore.consider('unproven');
  return fault;
}

/** A rollback would take away what somebody else has deployed: that is asked, with nothing running. */
async function mayDestroy(run: Run, foreign: string): Promise<void> {
  const { input, commands } = run;
  await commands.stopInFlight();
  const decision = await run.ask({
    id: 'foreign-version',
    reason: `${foreign} is live, which is neither ${input.release} nor ${input.previousRelease}: somebody has deployed it beside golive. A rollback to ${input.previousRelease} would take it away.`,
    choices: ['roll-back', 'take-over'],
  });
  if (decision.choice !== 'roll-back') run.leave(decision);
}

/** Runs the rollback command; a known failure is tried again as the plan says, each try a decision of its own. */
async function revert({ commands, plan, metrics }: Run, cause: Stop['kind']): Promise<string | undefined> {
  await commands.stopInFlight();
  let fault = '';
  for (let attempt = 1; attempt <= plan.rollback.attempts; attempt += 1) {
    const { end, stdout, stderr, step, generation, startedAt } = await commands.run('rollback');
    metrics.rollbackStarted(cause, startedAt);
    if (decide('command', { step, generation, end }, plan)) return undefined;
    fault = [`the rollback command failed, ${describeEnd(end)}`, errorSaid({ stdout, stderr })]
      .filter(Boolean)
      .join(': ');
  }
  return fault;
}

/** Playbook §5.4. Says what is missing for a proof, or nothing. */
async function unproven(run: Run): Promise<string | undefined> {
  const { planHash, input, plan, state } = run;
  state.proof = [];
  run.find(
    'proof',
    await proofs.proveLiveVersion({ planHash, release: input.previousRelease, withinMs: plan.rollback.provenWithin }),
  );
  run.find('proof', ...(await proofs.lookAtChecks({ planHash })));
  const smoke = await runSmoke(run, 'rollback-smoke');
  run.find(
    'proof',
    smoke.state === 'unknown' ? { ...smoke, state: 'fail', detail: `not known: ${smoke.detail}` } : smoke,
  );
  run.find('proof', ...(await lookAtRules(run)));
  return decide('proof', { findings: state.proof }, plan).missing ?? undefined;
}

/** The contracts, held against what this very release answered before the deploy. What isn't as it should be is looked at once more: it has just begun to serve. */
async function lookAtRules({ commands, state: { baseline } }: Run): Promise<Finding[]> {
  const first = (await commands.lookAtRules(baseline)).findings;
  return whatFailed(first) === undefined ? first : (await commands.lookAtRules(baseline)).findings;
}

/** What is done about a rollback that isn't proven: what a person says, or the restore that a lead approves meanwhile. */
async function whatNext(run: Run, fault: string): Promise<RollbackStep> {
  const { input, restore } = run;
  if (restore.isApproved) return 'restore';
  run.announce('rollbackFailed', { reason: fault });
  const hold = {
    id: 'rollback-failed',
    reason: `The rollback to ${input.previousRelease} is not proven: ${fault}.`,
    choices: ['retry', 'prove-again', 'take-over'],
  };
  const decision = await run.askUntil(hold, () => restore.isApproved);
  if (decision === undefined) return 'restore';
  if (decision.choice === 'take-over') run.leave(decision);
  return decision.choice === 'retry' ? 'revert' : 'prove';
}

/** Whatever the template says, people read that the data are wrong. */
function tellRolledBack(run: Run, stop: Stop): void {
  const data = wrongData(run);
  const why = run.doubts.whyNotAsked();
  const warning =
    data !== undefined ? `THE DATA ARE STILL WRONG: ${data}.` : why && `No data restore is proposed: ${why}`;
  run.announce('rolledBack', {
    reason: causeText(stopOf(run.state.course) ?? stop),
    ...(warning === undefined ? {} : { warning }),
  });
}

/** What is wrong with the data after the rollback, by its proof. */
const wrongData = ({ state }: Run): string | undefined => whatFailed(state.proof.filter(isAboutData));

function summaryOf(run: Run, stop: Stop): string {
  const { input, state } = run;
  const { status } = state.restore;
  const data = wrongData(run);
  return [
    `${input.previousRelease} is live again, proven; ${causeText(stop)}`,
    ...(data === undefined ? [] : [`THE DATA ARE WRONG: ${data}`]),
    ...(status && (status.state !== 'not proposed' || status.ran !== undefined)
      ? [`data restore ${restoreText(status)}`]
      : []),
  ].join('; ');
}
