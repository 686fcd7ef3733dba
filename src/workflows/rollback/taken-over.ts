import { CancellationScope } from '@temporalio/workflow';
import { liveText } from '../../domain/hypercare/live-version.js';
import { restoreText } from '../../domain/rollback/restore-status.js';
import type { GoLiveResult, Stop } from '../../domain/run/status.js';
import { proofs } from '../activities.js';
import { deepest } from '../../domain/text/deepest.js';
import type { Run } from '../run/run.js';

/** Nobody who takes over waits for a look any longer than this. */
const LOOK_FOR = '15s';

/** A person has taken a rollback over: the end of the run, with who, why, and what was known at that moment. */
export async function takenOver(
  run: Run,
  { by, reason }: Pick<Stop, 'by' | 'reason'>,
  fault: string | undefined,
): Promise<GoLiveResult> {
  run.restore.close(`${by} took the rollback over`);
  const known = [`live version: ${await whatIsLive(run)}`, fault ?? lastRollback(run), ...restoreKnown(run)];
  const summary = `${by} took over: ${reason}. Known then: ${known.join('; ')}`;
  run.announce('rollbackFailed', { reason: summary });
  return run.end('rollback-failed', summary);
}

async function whatIsLive({ planHash }: Run): Promise<string> {
  try {
    return liveText(await CancellationScope.withTimeout(LOOK_FOR, () => proofs.lookAtLiveVersion({ planHash })));
  } catch (error) {
    return `nobody could look (${deepest(error)})`;
  }
}

function lastRollback({ state }: Run): string {
  const last = Object.values(state.commands.states)
    .filter(({ step }) => step === 'rollback')
    .at(-1);
  return last ? `the rollback command: ${last.state}` : 'the rollback command was not run';
}

const restoreKnown = ({
  state: {
    restore: { status },
  },
}: Run): string[] =>
  status && (status.state !== 'not proposed' || status.ran !== undefined)
    ? [`data restore ${restoreText(status)}`]
    : [];
