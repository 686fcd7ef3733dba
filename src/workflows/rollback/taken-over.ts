import { CancellationScope } from '@temporalio/workflow';
import { liveText } from '../../domain/hypercare/live-version.js';
import { restoreText } from '../../domain/rollback/restore-status.js';
import type { GoLiveResult, Stop } from '../../domain/run/status.js';
import { proofs } from '../activities.js';
import { deepest } from '../../domain/text/deepest.js';
import type { GoLive } from '../run/go-live.js';

/** Nobody who takes over waits for a look any longer than this. */
const LOOK_FOR = '15s';

/** A person has taken a rollback over: the end of the run, with who, why, and what was known at that moment. */
export async function takenOver(
  goLive: GoLive,
  { by, reason }: Pick<Stop, 'by' | 'reason'>,
  fault: string | undefined,
): Promise<GoLiveResult> {
  goLive.restore.close(`${by} took the rollback over`);
  const known = [`live version: ${await whatIsLive(goLive)}`, fault ?? lastRollback(goLive), ...restoreKnown(goLive)];
  const summary = `${by} took over: ${reason}. Known then: ${known.join('; ')}`;
  goLive.announce('rollbackFailed', { reason: summary });
  return goLive.end('rollback-failed', summary);
}

async function whatIsLive({ planHash }: GoLive): Promise<string> {
  try {
    return liveText(await CancellationScope.withTimeout(LOOK_FOR, () => proofs.lookAtLiveVersion({ planHash })));
  } catch (error) {
    return `nobody could look (${deepest(error)})`;
  }
}

function lastRollback({ commandStates }: GoLive): string {
  const last = [...commandStates.values()].filter(({ step }) => step === 'rollback').at(-1);
  return last ? `the rollback command: ${last.state}` : 'the rollback command was not run';
}

const restoreKnown = ({ restore: { status } }: GoLive): string[] =>
  status && (status.state !== 'not proposed' || status.ran !== undefined)
    ? [`data restore ${restoreText(status)}`]
    : [];
