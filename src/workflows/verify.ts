import { whatIsBad, whatIsUnknown } from '../domain/findings.js';
import type { Finding } from '../domain/status.js';
import { proofs } from './activities.js';
import type { GoLive } from './go-live.js';
import { decideSmoke, runSmoke } from './smoke.js';
import { Stopped } from './stopped.js';

const SETTLING_MS = 30_000;

/**
 * Playbook §3: health and readiness, the live version, the critical smoke, the contracts and frozen rules. Everything is looked at; any failure triggers the
 * rollback. What nobody knows is looked at once more and then asked about, last: no question stands in front of a rollback, and unknown is none (promise 3).
 */
export async function verify(goLive: GoLive): Promise<void> {
  const { planHash, input, commands, verification } = goLive;
  goLive.enter('verifying');
  goLive.find(verification, await commands.look('see what is live', () => proofs.proveLiveVersion({ planHash, release: input.release, withinMs: SETTLING_MS })));
  const probes = await known(() => commands.look('look at the checks', () => proofs.lookAtChecks({ planHash })));
  goLive.find(verification, ...probes.filter(isKnown));
  const smoke = await runSmoke(goLive, 'smoke');
  if (smoke.kind !== 'unknown') goLive.find(verification, { name: 'smoke', state: smoke.kind, detail: smoke.detail });
  const rules = await known(() => lookAtRules(goLive));
  goLive.find(verification, ...rules.filter(isKnown));
  stopFor(verification);
  if (smoke.kind === 'unknown') goLive.find(verification, await decideSmoke(goLive, smoke));
  stopFor(verification);
  await decideUnknown(goLive, probes.filter(isUnknown), () => commands.look('look at the checks', () => proofs.lookAtChecks({ planHash })));
  await decideUnknown(goLive, rules.filter(isUnknown), () => lookAtRules(goLive));
}

const isUnknown = ({ state }: Finding) => state === 'unknown';
const isKnown = (finding: Finding) => !isUnknown(finding);
const lookAtRules = async ({ commands, baseline }: GoLive) => (await commands.lookAtRules(baseline)).findings;

/** Looks once more when something is unknown. */
async function known(look: () => Promise<Finding[]>): Promise<Finding[]> {
  const first = await look();
  return whatIsUnknown(first) === undefined ? first : look();
}

/** Asks until it is known, or somebody answers for it. */
async function decideUnknown(goLive: GoLive, unknown: readonly Finding[], look: () => Promise<Finding[]>): Promise<void> {
  for (let left = unknown; left.length > 0; ) {
    const decision = await goLive.holds.ask({
      id: 'verification-unknown',
      reason: `Nobody knows whether ${goLive.input.release} is as it should be: ${whatIsUnknown(left)}. Find out why it could not be looked at.`,
      choices: ['retry', 'treat-as-passed', goLive.wayOut()],
    });
    if (decision.choice === 'treat-as-passed') return goLive.find(goLive.verification, ...left.map(({ name, detail }): Finding => ({ name, state: 'attested', detail: `${decision.by}: ${decision.reason} (${detail})` })));
    if (decision.choice !== 'retry') goLive.leave(decision);
    const names = new Set(left.map(({ name }) => name));
    const again = (await look()).filter(({ name }) => names.has(name));
    goLive.find(goLive.verification, ...again.filter(isKnown));
    stopFor(goLive.verification);
    left = again.filter(isUnknown);
  }
}

function stopFor(verification: readonly Finding[]): void {
  const bad = whatIsBad(verification);
  if (bad !== undefined) throw new Stopped({ kind: 'trigger', reason: `verification failed: ${bad}`, by: 'verification' });
}
