import { shortMoment } from '../time/iso.js';
import { formatDuration } from '../time/duration.js';
import { progress } from '../time/lasted.js';
import type { LiveVersion } from './heard-version.js';
import { isLive } from './heard-version.js';
import type { Plan } from '../plan/plan.js';
import { formatBound } from '../plan/playbook/bound.js';
import type { Check, MetricCheck } from '../plan/playbook.js';
import type { ReportedCheck } from '../watching/reported-check.js';
import { triggersOf } from '../watching/segment.js';

/** One thing that has to be so before hypercare ends by itself. Unknown is never met. */
export interface Criterion {
  readonly name: string;
  readonly met: boolean | 'unknown';
  readonly detail: string;
  /** When it can be met at the earliest, in epoch milliseconds, where it only takes time. */
  readonly earliest?: number;
}

/** The name of the one that only a person can meet. */
export const CLOSING_NOTE = 'closing note';

/** What is known when the criteria are looked at. Moments are epoch milliseconds. */
export interface ExitFacts {
  readonly plan: Pick<Plan, 'checks' | 'triggers' | 'hypercare'>;
  readonly release: string;
  /** When hypercare began. */
  readonly from: number;
  /** Every check that is watched, as it was last reported. */
  readonly seen: readonly ReportedCheck[];
  /** What is a P1 now: an alert that fires, a question about a trigger; and when the last one ended or a trigger that rolls back fired. */
  readonly openP1: readonly string[];
  /** What may be a P1 now: an alert whose monitoring says that it can't tell. */
  readonly unknownP1: readonly string[];
  readonly lastP1?: number;
  /** What the service says it is, heard when; absent where nobody asks. */
  readonly live?: Pick<LiveVersion, 'answers' | 'alarm'> & { readonly fresh: boolean };
  /** Who acknowledged the closing note, if somebody has. */
  readonly acknowledged?: string;
}

/** The exit criteria of the hypercare runbook as they stand. Only what was seen counts, up to the last report: a service nobody sees meets none of them. */
export function exitCriteria(facts: ExitFacts): Criterion[] {
  const { plan } = facts;
  const metrics = plan.checks.filter((check) => check.kind === 'metric');
  return [
    noOpenP1(facts),
    ...metrics
      .filter((check) => !isRate(check) && !isViolations(check))
      .flatMap((check) => insideGuardrail(facts, check)),
    ...metrics.filter(isRate).flatMap((check) => rateMet(facts, check)),
    ...frozenRules(facts),
    ...(facts.live ? [liveVersion(facts.release, facts.live)] : []),
    ...(plan.hypercare.exit.closingNote === undefined ? [] : [closingNote(facts.acknowledged)]),
  ];
}

/** What is missing, in words, and when it could be there at the earliest. */
export function missingText(criteria: readonly Criterion[]): string {
  return criteria
    .filter(({ met }) => met !== true)
    .map(
      ({ name, met, detail, earliest }) =>
        `${name}${met === 'unknown' ? ' (unknown)' : ''}: ${detail}${earliest === undefined ? '' : `, at the earliest at ${shortMoment(earliest)}`}`,
    )
    .join('; ');
}

const measureOf = ({ source }: MetricCheck) => ('measure' in source ? source.measure : undefined);
const isRate = (check: MetricCheck) => measureOf(check) === 'success-rate';
const isViolations = (check: MetricCheck) => measureOf(check) === 'violations';
const of = ({ seen }: ExitFacts, check: Pick<Check, 'name'>) => seen.filter((each) => each.check === check.name);
/** Up to when all of them were seen. */
const seenTo = (seen: readonly ReportedCheck[], none: number) =>
  seen.length === 0 ? none : Math.min(...seen.map((each) => each.seenTo));
const unseen = ({ standing, blind }: ReportedCheck) => blind || standing === 'blind' || standing === 'not looked at';
const isFine = ({ standing }: ReportedCheck) => standing === 'clean' || standing === 'idle';
const latest = (...moments: (number | undefined)[]) => Math.max(...moments.filter((moment) => moment !== undefined));

/** "Error rate and latency inside the guardrails for 24 h without a break": a time without readings is one. */
function insideGuardrail(facts: ExitFacts, check: MetricCheck): Criterion[] {
  return of(facts, check).map((seen) => {
    const bound = formatBound(check.guardrail, check.unit);
    if (unseen(seen))
      return { name: check.name, met: 'unknown', detail: `no readings (${seen.last ?? 'not looked at yet'})` };
    if (!isFine(seen)) return { name: check.name, met: false, detail: `${seen.last}, not ${bound}` };
    return forSoLong(
      facts,
      check.name,
      `inside ${bound}`,
      latest(facts.from, seen.failedAt, seen.sawAgainAt),
      seen.seenTo,
    );
  });
}

/** Met when it has been so for as long as the plan says, up to the last report. */
function forSoLong({ plan }: ExitFacts, name: string, what: string, since: number, seenTo: number): Criterion {
  const { clean = 0 } = plan.hypercare.exit;
  const held = Math.max(0, seenTo - since);
  if (held >= clean) return { name, met: true, detail: clean === 0 ? what : `${what} for ${formatDuration(clean)}` };
  return { name, met: false, detail: `${what} for ${progress(held, clean)}`, earliest: since + clean };
}

/** "No open P1 in 24 h". What could be one is known only while its probes and metrics are seen. */
function noOpenP1(facts: ExitFacts): Criterion {
  const name = 'no open P1';
  const { plan, seen, openP1, unknownP1, lastP1, from } = facts;
  const rollingBack = (check: string) => triggersOf(plan.triggers, check).filter(({ action }) => action === 'rollback');
  const relevant = seen.filter(
    ({ check }) =>
      rollingBack(check).length > 0 &&
      ['probe', 'metric'].includes(plan.checks.find((each) => each.name === check)?.kind ?? ''),
  );
  const clocks = relevant.flatMap(({ check, target, last, running }) =>
    rollingBack(check).flatMap((trigger) =>
      trigger.for > 0 && running.includes(trigger.name) ? [`${trigger.name} runs at ${target} (${last})`] : [],
    ),
  );
  const open = [...openP1, ...clocks];
  if (open.length > 0) return { name, met: false, detail: open.join('; ') };
  const blind = relevant.filter(unseen);
  if (blind.length > 0)
    return { name, met: 'unknown', detail: `no readings of ${blind.map(({ check }) => check).join(', ')}` };
  if (unknownP1.length > 0) return { name, met: 'unknown', detail: unknownP1.join('; ') };
  const since = latest(from, lastP1, ...relevant.flatMap(({ breachedAt, sawAgainAt }) => [breachedAt, sawAgainAt]));
  return forSoLong(facts, name, 'none', since, seenTo(relevant.length > 0 ? relevant : seen, from));
}

/** "Success rates met": as they were measured last; without traffic there is nothing that isn't met. */
function rateMet(facts: ExitFacts, check: MetricCheck): Criterion[] {
  return of(facts, check).map((seen) => {
    const { name } = check;
    if (unseen(seen)) return { name, met: 'unknown', detail: `no readings (${seen.last ?? 'not looked at yet'})` };
    const bound = formatBound(check.guardrail, check.unit);
    return isFine(seen)
      ? { name, met: true, detail: seen.standing === 'idle' ? (seen.last ?? 'no traffic') : `${seen.last}, ${bound}` }
      : { name, met: false, detail: `${seen.last}, not ${bound}` };
  });
}

/** "No frozen-rule violation": contracts, integrity and the service's own count of violations. */
function frozenRules(facts: ExitFacts): Criterion[] {
  const name = 'frozen rules';
  const { plan, seen, from } = facts;
  const isRule = ({ check }: ReportedCheck) =>
    plan.checks.some(
      (each) => each.name === check && (each.kind === 'metric' ? isViolations(each) : each.kind !== 'probe'),
    );
  const rules = seen.filter(isRule);
  if (rules.length === 0) return [];
  const broken = rules.filter((each) => !unseen(each) && !isFine(each));
  if (broken.length > 0)
    return [{ name, met: false, detail: broken.map(({ check, last }) => `${check}: ${last}`).join('; ') }];
  const blind = rules.filter(unseen);
  if (blind.length > 0)
    return [
      {
        name,
        met: 'unknown',
        detail: `no readings of ${blind.map(({ check, last }) => `${check} (${last ?? 'not looked at yet'})`).join(', ')}`,
      },
    ];
  const failed = rules.flatMap(({ failedAt }) => (failedAt === undefined || failedAt < from ? [] : [failedAt]));
  // A violation of the last hours is one, also when it is over; what was not seen meanwhile shows in the data.
  if (failed.length > 0)
    return [
      forSoLong(
        facts,
        name,
        `no violation of ${rules.map(({ check }) => check).join(', ')}`,
        latest(...failed),
        seenTo(rules, from),
      ),
    ];
  return [{ name, met: true, detail: `no violation of ${rules.map(({ check }) => check).join(', ')}` }];
}

/** "Complete" is said only of a release that is live (promise 4). */
function liveVersion(release: string, { answers, alarm, fresh }: NonNullable<ExitFacts['live']>): Criterion {
  const name = 'live version';
  if (alarm) return { name, met: false, detail: `${alarm.version}, not ${release}` };
  if (!fresh || answers.length === 0) return { name, met: 'unknown', detail: 'no answer that says which' };
  return isLive({ answers }, release)
    ? { name, met: true, detail: release }
    : { name, met: false, detail: `${[...new Set(answers)].join(' and ')} answer` };
}

function closingNote(by: string | undefined): Criterion {
  return by === undefined
    ? { name: CLOSING_NOTE, met: false, detail: 'asked when all the others are met' }
    : { name: CLOSING_NOTE, met: true, detail: `acknowledged by ${by}` };
}
