import { describeEnd, lastLine, succeeded } from '../domain/command.js';
import { whatFailed } from '../domain/findings.js';
import type { Finding } from '../domain/status.js';
import { proofs } from './activities.js';
import { Stopped, type GoLive } from './go-live.js';

const SETTLING_MS = 30_000;

/** Playbook §3: health and readiness, the live version, the critical smoke, the contracts. Everything is looked at; any failure triggers the rollback. */
export async function verify(goLive: GoLive): Promise<void> {
  const { planHash, input, commands } = goLive;
  goLive.enter('verifying');
  goLive.find(goLive.verification, await commands.look('see what is live', () => proofs.proveLiveVersion({ planHash, release: input.release, withinMs: SETTLING_MS })));
  goLive.find(goLive.verification, ...(await commands.look('look at the checks', () => proofs.lookAtChecks({ planHash }))));
  goLive.find(goLive.verification, await smoke(goLive, 'smoke'));
  goLive.find(goLive.verification, ...(await commands.look('check the contracts', () => proofs.checkContracts({ planHash }))));
  const failed = whatFailed(goLive.verification);
  if (failed !== undefined) throw new Stopped({ kind: 'trigger', reason: `verification failed: ${failed}`, by: 'verification' });
}

/** The smoke's exit code decides: 0 is a pass, everything else is not. */
export async function smoke({ commands }: GoLive, step: 'smoke' | 'rollback-smoke'): Promise<Finding> {
  const { end, stdout, stderr } = await commands.run(step);
  const said = lastLine(stdout) || lastLine(stderr);
  return { name: 'smoke', state: succeeded(end) ? 'pass' : 'fail', detail: [describeEnd(end), said].filter(Boolean).join(': ') };
}
