import { isRule, type Check } from '../plan/playbook/check.js';
import { isExternal } from '../plan/playbook/trigger.js';
import type { Plan } from '../plan/plan.js';
import { whatFailed, whatIsBad } from '../run/findings.js';
import type { Finding } from '../run/status.js';
import type { ReportedCheck } from '../watching/reported-check.js';

/** When it is decided: the rollback command has succeeded; the proof is not complete; the proof is complete. */
export type Moment = 'reverted' | 'unproven' | 'proven';

/** What is known of the data when a release is taken back. */
export interface KnownOfData {
  /** Why they can be wrong: what a person, a trigger or a check has said since the first deploy. */
  readonly doubt?: string | undefined;
  /** Each check as it was last reported. */
  readonly seen: readonly Pick<ReportedCheck, 'check' | 'target' | 'standing' | 'last'>[];
  readonly verification: readonly Finding[];
  /** Of the rollback. */
  readonly proof: readonly Finding[];
}

export interface Ruling {
  readonly proposed: boolean;
  /** In words. */
  readonly why: string;
}

/**
 * Whether the incident leads are asked about a restore (playbook §5.3: "Restore data if required"): when data can be wrong, or always, as the plan says.
 * Unknown is never green: after a release took writes only a look that passed says that the data are as they were. Undefined: not decided at this moment yet.
 */
export function restoreRuling(moment: Moment, known: KnownOfData, plan: Plan): Ruling | undefined {
  const yes = (why: string): Ruling => ({ proposed: true, why });
  // A plan that was frozen by a version without this key asks after each rollback, as that version did.
  if (plan.rollback.restore?.propose !== 'when-data-can-be-wrong')
    return moment === 'unproven' ? undefined : yes('the plan asks after each rollback');
  const doubt = known.doubt ?? doubtOf(known, plan);
  if (doubt !== undefined) return yes(doubt);
  if (moment === 'reverted') return undefined;
  if (moment === 'unproven') return yes('the rollback is not proven');
  const unproven = whatFailed(known.proof.filter(isAboutData));
  if (unproven !== undefined) return yes(`after the rollback: ${unproven}`);
  const lookedAt = looksAtData(plan);
  if (lookedAt.length === 0) return yes('nothing in this plan looks at the data (verify.integrity)');
  return {
    proposed: false,
    why: `nothing says that the data are wrong, and ${lookedAt.join(' and ')} passed after the rollback`,
  };
}

/** What the checks and the verification say against the data, or nothing. A check that is blind says nothing: the proof decides. */
export function doubtOf({ seen, verification }: Omit<KnownOfData, 'proof'>, plan: Plan): string | undefined {
  const about = plan.checks.filter(isOfData).map(({ name }) => name);
  const failing = seen.filter(({ check, standing }) => standing === 'failing' && about.includes(check));
  if (failing.length > 0)
    return `failing: ${failing.map(({ check, target, last = 'no reading' }) => `${check} at ${target} (${last})`).join('; ')}`;
  const paths = plan.verify.contracts.get.map(({ path }) => path);
  const bad = whatIsBad(verification.filter(({ name }) => ['smoke', 'integrity', ...paths].includes(name)));
  return bad === undefined ? undefined : `the verification failed: ${bad}`;
}

/** Why a trigger that fires says that data can be wrong, or nothing: it is over the data, or from outside, and then nobody here knows what it is about. */
export function doubtOfTrigger(name: string, { triggers, checks }: Plan): string | undefined {
  const trigger = triggers.find((each) => each.name === name);
  if (!trigger) return undefined;
  if (isExternal(trigger)) return `the alert ${name} came from outside`;
  return checks.some((check) => check.name === trigger.check && isOfData(check))
    ? `the trigger ${name} has fired`
    : undefined;
}

/** Another release doesn't mend data: what the integrity command says, or a frozen rule that the data break, is told and is the leads' question (a restore), and no missing proof. */
export const isAboutData = ({ name, inData }: Finding): boolean => name === 'integrity' || inData === true;

/** Contracts, integrity, violations of invariants. */
const isOfData = (check: Check): boolean =>
  isRule(check) || (check.kind === 'metric' && 'measure' in check.source && check.source.measure === 'violations');

/** What of a proof shows the data themselves. */
const looksAtData = ({ verify }: Plan): string[] => [
  ...(verify.integrity === undefined ? [] : ['the integrity command']),
  ...(verify.contracts.get.some(({ stock }) => stock) ? ['the frozen rules'] : []),
];
