import { lasted, progress } from '../time/lasted.js';
import { missingText, type Criterion } from './exit-criteria.js';
import { worstText, type Tally } from './hypercare-tally.js';
import type { Plan } from '../plan/plan.js';
import { advisedText, type Advised } from '../watching/advised.js';
import type { ReportedCheck } from '../watching/reported-check.js';

/** What a health review is made of. Times in milliseconds. */
export interface ReviewFacts {
  readonly plan: Pick<Plan, 'checks' | 'triggers' | 'hypercare'>;
  readonly elapsed: number;
  readonly seen: readonly ReportedCheck[];
  /** Since the last review, or for a final summary since hypercare began. */
  readonly tally: Tally;
  readonly fired: readonly { readonly trigger: string }[];
  /** Advisory triggers that would have fired since the go-live began. */
  readonly advised: readonly Pick<Advised, 'trigger' | 'times'>[];
  readonly alerts: readonly { readonly trigger: string; readonly running: string }[];
  readonly holds: readonly { readonly id: string }[];
  readonly criteria: readonly Criterion[];
}

/** One line for people: each check against its guardrail with the worst since the last review, then what else there was, then what is missing for the end. */
export function reviewText(facts: ReviewFacts): string {
  const { plan, elapsed, seen, holds, alerts, criteria } = facts;
  const missing = missingText(criteria);
  return [
    `T+${progress(elapsed, plan.hypercare.for)}`,
    ...seen.map((each) => checkText(facts, each)),
    ...incidents(facts),
    alerts.length === 0
      ? 'no alert'
      : `alerts: ${alerts.map(({ trigger, running }) => `${trigger} ${running}`).join(', ')}`,
    holds.length === 0 ? 'nothing asked' : `asked: ${holds.map(({ id }) => id).join(', ')}`,
    missing === ''
      ? `all ${criteria.length} exit criteria met`
      : `${criteria.filter(({ met }) => met === true).length} of ${criteria.length} exit criteria met; missing: ${missing}`,
  ].join('; ');
}

/** What people are told at the end: the worst of all of it, what happened, and which criteria were met. */
export function closingText({
  plan,
  elapsed,
  tally,
  fired,
  advised,
  criteria,
}: Omit<ReviewFacts, 'seen' | 'alerts' | 'holds'>): string {
  const worst = tally.flatMap((each) => {
    const text = worstText(plan, each);
    return text ? [`${each.check} ${text.worst} (${text.guardrail})`] : [];
  });
  const missing = missingText(criteria);
  return [
    lasted(elapsed),
    ...(worst.length > 0 ? [`the worst: ${worst.join(', ')}`] : []),
    ...incidents({ tally, fired, advised }),
    missing === '' ? `all ${criteria.length} exit criteria met` : `not met: ${missing}`,
  ].join('; ');
}

function checkText({ plan, tally }: ReviewFacts, { check, target, standing, blind, last }: ReportedCheck): string {
  const own = tally.find((each) => each.check === check && each.target === target);
  const worst = own && worstText(plan, own);
  const state = blind ? 'BLIND, ' : standing === 'failing' ? 'NOT CLEAN, ' : '';
  return `${check} ${state}${last ?? 'not looked at yet'}${worst ? ` (worst ${worst.worst}, guardrail ${worst.guardrail})` : ''}`;
}

function incidents({ tally, fired, advised }: Pick<ReviewFacts, 'tally' | 'fired' | 'advised'>): string[] {
  const blind = tally.filter(({ blindMs }) => blindMs > 0).map(({ check, blindMs }) => `${check} ${lasted(blindMs)}`);
  const flaps = tally.filter((each) => each.flaps > 0).map((each) => `${each.check} ${each.flaps}×`);
  return [
    blind.length === 0 ? 'never blind' : `blind: ${blind.join(', ')}`,
    flaps.length === 0 ? 'no flap' : `not clean: ${flaps.join(', ')}`,
    fired.length === 0 ? 'no trigger fired' : `fired: ${fired.map(({ trigger }) => trigger).join(', ')}`,
    ...(advised.length === 0 ? [] : [`advisory, would have fired since the start: ${advisedText(advised)}`]),
  ];
}
