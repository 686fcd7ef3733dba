import { whatIsUnknown } from '../../domain/run/findings.js';
import type { Finding } from '../../domain/run/status.js';
import { proofs } from '../activities.js';
import { decide } from '../run/evidence.js';
import type { Run } from '../run/run.js';
import { runSmoke, runSmokeOnce } from './smoke.js';
import { Stopped } from '../run/stopped.js';

const SETTLING_MS = 30_000;

/**
 * Playbook §3: health and readiness, the live version, the critical smoke, the contracts and frozen rules. Everything is looked at; any failure triggers the
 * rollback. What nobody knows is looked at once more and then asked about, last: no question stands in front of a rollback, and unknown is none (promise 3).
 * Then the go-live is announced as complete (playbook §6 C).
 */
export async function verify(run: Run): Promise<void> {
  const { planHash, input, commands } = run;
  await run.mayGoOn();
  run.enter({ is: 'verifying' });
  run.find(
    'verification',
    await commands.look('see what is live', () =>
      proofs.proveLiveVersion({ planHash, release: input.release, withinMs: SETTLING_MS }),
    ),
  );
  const probes = await known(() => lookAtProbes(run));
  run.find('verification', ...probes.filter(isKnown));
  const smoke = [await runSmoke(run, 'smoke')];
  run.find('verification', ...smoke.filter(isKnown));
  const rules = await known(() => lookAtRules(run));
  run.find('verification', ...rules.filter(isKnown));
  stopForBad(run);
  await decideUnknown(run, smoke, {
    id: 'smoke-unknown',
    reason: ([unknown]) =>
      `The critical smoke gave no result for ${input.release}: ${unknown?.detail}. Find out why it could not be run to its end.`,
    look: async () => [await runSmokeOnce(run, 'smoke')],
  });
  const asks = {
    id: 'verification-unknown',
    reason: (unknown: readonly Finding[]) =>
      `${input.release} could not be checked: ${whatIsUnknown(unknown)}. Find out why.`,
  };
  await decideUnknown(run, probes, { ...asks, look: () => lookAtProbes(run) });
  await decideUnknown(run, rules, { ...asks, look: () => lookAtRules(run) });
  await run.mayGoOn();
  run.announce('complete');
}

const isUnknown = ({ state }: Finding) => state === 'unknown';
const isKnown = (finding: Finding) => !isUnknown(finding);
const lookAtProbes = ({ commands, planHash }: Run) =>
  commands.look('look at the checks', () => proofs.lookAtChecks({ planHash }));
const lookAtRules = async ({ commands, state }: Run) => (await commands.lookAtRules(state.baseline)).findings;

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
async function decideUnknown(run: Run, findings: readonly Finding[], { id, reason, look }: Question): Promise<void> {
  for (let unknown = findings.filter(isUnknown); unknown.length > 0;) {
    const decision = await run.ask({
      id,
      reason: reason(unknown),
      choices: ['retry', 'treat-as-passed', run.wayOut()],
    });
    if (decision.choice === 'treat-as-passed')
      return run.find(
        'verification',
        ...unknown.map(({ name, detail }): Finding => ({
          name,
          state: 'attested',
          detail: `${decision.by}: ${decision.reason} (${detail})`,
        })),
      );
    if (decision.choice !== 'retry') run.leave(decision);
    const names = new Set(unknown.map(({ name }) => name));
    const again = (await look()).filter(({ name }) => names.has(name));
    run.find('verification', ...again.filter(isKnown));
    stopForBad(run);
    unknown = again.filter(isUnknown);
  }
}

function stopForBad({ state, plan }: Run): void {
  const { bad } = decide('verification', { findings: state.verification }, plan);
  if (bad !== null) throw new Stopped({ kind: 'trigger', reason: `verification failed: ${bad}`, by: 'verification' });
}
