import { whatIsBad, whatIsUnknown } from '../../domain/run/findings.js';
import type { Finding } from '../../domain/run/status.js';
import { proofs } from '../activities.js';
import type { GoLive } from '../run/go-live.js';
import { runSmoke, runSmokeOnce } from './smoke.js';
import { Stopped } from '../run/stopped.js';

const SETTLING_MS = 30_000;

/**
 * Playbook §3: health and readiness, the live version, the critical smoke, the contracts and frozen rules. Everything is looked at; any failure triggers the
 * rollback. What nobody knows is looked at once more and then asked about, last: no question stands in front of a rollback, and unknown is none (promise 3).
 */
export async function verify(goLive: GoLive): Promise<void> {
  const { planHash, input, commands, verification } = goLive;
  goLive.enter('verifying');
  goLive.find(
    verification,
    await commands.look('see what is live', () =>
      proofs.proveLiveVersion({ planHash, release: input.release, withinMs: SETTLING_MS }),
    ),
  );
  const probes = await known(() => lookAtProbes(goLive));
  goLive.find(verification, ...probes.filter(isKnown));
  const smoke = [await runSmoke(goLive, 'smoke')];
  goLive.find(verification, ...smoke.filter(isKnown));
  const rules = await known(() => lookAtRules(goLive));
  goLive.find(verification, ...rules.filter(isKnown));
  stopForBad(verification);
  await decideUnknown(goLive, smoke, {
    id: 'smoke-unknown',
    reason: ([unknown]) =>
      `The critical smoke gave no result for ${input.release}: ${unknown?.detail}. Find out why it could not be run to its end.`,
    look: async () => [await runSmokeOnce(goLive, 'smoke')],
  });
  const asks = {
    id: 'verification-unknown',
    reason: (unknown: readonly Finding[]) =>
      `${input.release} could not be checked: ${whatIsUnknown(unknown)}. Find out why.`,
  };
  await decideUnknown(goLive, probes, { ...asks, look: () => lookAtProbes(goLive) });
  await decideUnknown(goLive, rules, { ...asks, look: () => lookAtRules(goLive) });
}

const isUnknown = ({ state }: Finding) => state === 'unknown';
const isKnown = (finding: Finding) => !isUnknown(finding);
const lookAtProbes = ({ commands, planHash }: GoLive) =>
  commands.look('look at the checks', () => proofs.lookAtChecks({ planHash }));
const lookAtRules = async ({ commands, baseline }: GoLive) => (await commands.lookAtRules(baseline)).findings;

/** Looks once more when something is unknown. */
async function known(look: () => Promise<Finding[]>): Promise<Finding[]> {
  const first = await look();
  return whatIsUnknown(first) === undefined ? first : look();
}

interface Question {
  readonly id: string;
  readonly reason: (unknown: readonly Finding[]) => string;
  readonly look: () => Promise<Finding[]>;
}

/** Asks about what is unknown among these until it is known, or somebody answers for it: never a rollback by itself, and never a pass. */
async function decideUnknown(
  goLive: GoLive,
  findings: readonly Finding[],
  { id, reason, look }: Question,
): Promise<void> {
  for (let unknown = findings.filter(isUnknown); unknown.length > 0;) {
    const decision = await goLive.holds.ask({
      id,
      reason: reason(unknown),
      choices: ['retry', 'treat-as-passed', goLive.wayOut()],
    });
    if (decision.choice === 'treat-as-passed')
      return goLive.find(
        goLive.verification,
        ...unknown.map(({ name, detail }): Finding => ({
          name,
          state: 'attested',
          detail: `${decision.by}: ${decision.reason} (${detail})`,
        })),
      );
    if (decision.choice !== 'retry') goLive.leave(decision);
    const names = new Set(unknown.map(({ name }) => name));
    const again = (await look()).filter(({ name }) => names.has(name));
    goLive.find(goLive.verification, ...again.filter(isKnown));
    stopForBad(goLive.verification);
    unknown = again.filter(isUnknown);
  }
}

function stopForBad(verification: readonly Finding[]): void {
  const bad = whatIsBad(verification);
  if (bad !== undefined)
    throw new Stopped({ kind: 'trigger', reason: `verification failed: ${bad}`, by: 'verification' });
}
