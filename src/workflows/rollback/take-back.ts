import { foreignVersions, isOnly, liveText, type LiveVersions } from '../../domain/hypercare/live-version.js';
import { proofs } from '../activities.js';
import type { Run } from '../run/run.js';
import type { RollbackStep } from './rollback-step.js';

/**
 * What has to be known before a release is taken back whose go-live has ended: no earlier command is at work or unknown, and what is live is what is to be
 * taken back. No preflight: what isn't as expected is a question, everything else begins at once.
 */
export async function beforeTakingBack(run: Run): Promise<RollbackStep | 'leave'> {
  await settleEarlier(run);
  const live = await look(run);
  const { previousRelease } = run.input;
  run.record(`live before the rollback: ${liveText(live)}`);
  run.state.foundLive = foreignVersions(live, run.input).join(', ') || undefined;
  if (!isOnly(live, previousRelease)) return 'revert';
  const decision = await run.ask({
    id: 'already-live',
    reason: `${previousRelease} is live already: ${liveText(live)} on fresh connections. "prove-only" proves it without running the rollback.`,
    choices: ['roll-back', 'prove-only', 'leave'],
  });
  if (decision.choice === 'leave') return 'leave';
  return decision.choice === 'prove-only' ? 'prove' : 'revert';
}

/** What earlier runs have left at work or unknown would meet the rollback: a person finds out first. */
async function settleEarlier(run: Run): Promise<void> {
  const { commands } = run;
  for (;;) {
    const left = await commands.earlier();
    if (left.length === 0) return;
    const listed = left.map((each) => `${each.step} of ${each.workflowId} (${each.state})`).join(', ');
    const running = left.some(({ state }) => state === 'running');
    const decision = await run.ask({
      id: 'earlier-commands',
      reason: `Earlier commands of this environment are ${running ? 'still running' : 'unknown'}: ${listed}. ${running ? 'End them or wait for them, then let golive look again.' : 'Find out what each did; "go-on" says that you have.'}`,
      choices: running ? ['look-again', 'take-over'] : ['go-on', 'look-again', 'take-over'],
    });
    if (decision.choice === 'take-over') run.leave(decision);
    if (decision.choice !== 'go-on') continue;
    await commands.settleEarlier(decision.by, decision.reason);
    return;
  }
}

function look({ commands, planHash }: Run): Promise<LiveVersions> {
  return commands.look('see what is live', () => proofs.lookAtLiveVersion({ planHash }));
}
