import { describeEnd, lastLine, succeeded } from '../domain/command.js';
import { whatFailed } from '../domain/findings.js';
import type { Decision } from '../domain/hold.js';
import type { GoLiveResult } from '../domain/status.js';
import { proofs } from './activities.js';
import { deepest } from '../domain/deepest.js';
import type { GoLive } from './go-live.js';
import { Stopped } from './stopped.js';
import { runSmoke } from './smoke.js';

/**
 * Playbook §5, in a scope nothing cancels: the command in flight is fenced, the rollback runs, and only proof ends it. What can't be done or can't
 * be known becomes a hold that pages again and again; a person who takes over ends it, recorded as such.
 */
export async function rollBack(goLive: GoLive): Promise<GoLiveResult> {
  const { input } = goLive;
  goLive.enter('rolling-back', `rolling back to ${input.previousRelease}`);
  goLive.announce('aborted', { reason: goLive.stop?.reason });
  try {
    for (let next: 'revert' | 'prove' = 'revert'; ; ) {
      const fault: string | undefined = (next === 'revert' ? await faultOf(() => revert(goLive)) : undefined) ?? (await faultOf(() => unproven(goLive)));
      if (fault === undefined) {
        goLive.announce('rolledBack', { reason: goLive.stop?.reason });
        return await goLive.end('rolled-back', `${input.previousRelease} is live again, proven; ${goLive.stop?.reason}`);
      }
      goLive.announce('rollbackFailed', { reason: fault });
      const decision: Decision = await goLive.holds.ask({
        id: 'rollback-failed',
        reason: `The rollback to ${input.previousRelease} is not proven: ${fault}.`,
        choices: ['retry', 'prove-again', 'take-over'],
      });
      if (decision.choice === 'take-over') goLive.leave(decision);
      next = decision.choice === 'retry' ? 'revert' : 'prove';
    }
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    const reason = `${error.stop.by} took over: ${error.stop.reason}`;
    goLive.announce('rollbackFailed', { reason });
    return goLive.end('rollback-failed', reason);
  }
}

/** Runs the rollback command; a known failure is tried again as the plan says, each try a decision of its own. */
async function revert({ commands, plan }: GoLive): Promise<string | undefined> {
  await commands.stopInFlight();
  let fault = '';
  for (let attempt = 1; attempt <= plan.rollback.attempts; attempt += 1) {
    const { end, stdout, stderr } = await commands.run('rollback');
    if (succeeded(end)) return undefined;
    fault = [`the rollback command failed, ${describeEnd(end)}`, lastLine(stderr) || lastLine(stdout)].filter(Boolean).join(': ');
  }
  return fault;
}

/** Playbook §5.4. Says what is missing for a proof, or nothing. */
async function unproven(goLive: GoLive): Promise<string | undefined> {
  const { planHash, input, plan } = goLive;
  goLive.proof.length = 0;
  goLive.find(goLive.proof, await proofs.proveLiveVersion({ planHash, release: input.previousRelease, withinMs: plan.rollback.provenWithin }));
  goLive.find(goLive.proof, ...(await proofs.lookAtChecks({ planHash })));
  const smoke = await runSmoke(goLive, 'rollback-smoke');
  goLive.find(goLive.proof, smoke.state === 'unknown' ? { ...smoke, state: 'fail', detail: `not known: ${smoke.detail}` } : smoke);
  return whatFailed(goLive.proof);
}

/** In a rollback whatever goes wrong is a fault to tell people about, never the end of the run. */
async function faultOf(step: () => Promise<string | undefined>): Promise<string | undefined> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof Stopped) throw error;
    return deepest(error);
  }
}
