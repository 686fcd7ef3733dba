import { whatFailed } from '../domain/findings.js';
import { proofs } from './activities.js';
import type { GoLive } from './go-live.js';
import { Stopped } from './stopped.js';
import { decideSmoke, runSmoke } from './smoke.js';

const SETTLING_MS = 30_000;

/**
 * Playbook §3: health and readiness, the live version, the critical smoke, the contracts and frozen rules. Everything is looked at; any failure triggers the
 * rollback. A smoke that says nothing is asked about last: no question stands in front of a rollback.
 */
export async function verify(goLive: GoLive): Promise<void> {
  const { planHash, input, commands, verification } = goLive;
  goLive.enter('verifying');
  goLive.find(verification, await commands.look('see what is live', () => proofs.proveLiveVersion({ planHash, release: input.release, withinMs: SETTLING_MS })));
  goLive.find(verification, ...(await commands.look('look at the checks', () => proofs.lookAtChecks({ planHash }))));
  const smoke = await runSmoke(goLive, 'smoke');
  if (smoke.kind !== 'unknown') goLive.find(verification, { name: 'smoke', state: smoke.kind, detail: smoke.detail });
  goLive.find(verification, ...(await commands.lookAtRules(goLive.baseline)).findings);
  if (smoke.kind === 'unknown' && whatFailed(verification) === undefined) goLive.find(verification, await decideSmoke(goLive, smoke));
  const failed = whatFailed(verification);
  if (failed !== undefined) throw new Stopped({ kind: 'trigger', reason: `verification failed: ${failed}`, by: 'verification' });
}
