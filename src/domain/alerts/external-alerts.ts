import type { Alert } from './alert.js';
import { lasted, progress } from '../time/lasted.js';
import type { ExternalTrigger } from '../plan/playbook/trigger.js';

/** What is known of one source of one trigger. It fires when it began to after it was last resolved, or was said again since. */
export interface AlertSource {
  readonly trigger: string;
  readonly source: string;
  readonly name?: string;
  readonly link?: string;
  /** When it was last resolved; absent when nobody has said that it was. */
  readonly resolvedAt?: number;
  /** When it began to fire since then, as it was told, earliest first. More than one when it was told again with another time. */
  readonly firingSince: readonly number[];
  /** It was said to fire after its end, with the beginning `since` that lies before it. */
  readonly again?: SaidAgain;
  /** Since when nothing is known of it. Whatever it was before, it fires nothing meanwhile. */
  readonly unknownSince?: number;
  /** The value of the message that changed this last. */
  readonly value?: string;
}

export interface SaidAgain {
  readonly since: number;
  /** When it was heard first since the end. */
  readonly heard: number;
  /** It was heard once more later on, so it is no stale copy. */
  readonly twice: boolean;
}

/** What is known from outside, oldest knowledge first. Moments are epoch milliseconds of whoever sent them. */
export type ExternalAlerts = readonly AlertSource[];

/** So many sources that don't fire are remembered, to know their late messages. One that fires is never forgotten. */
export const RESOLVED_REMEMBERED = 200;
/** So many beginnings of one firing are remembered, for a late `resolved` that lies between two of them. */
const BEGINNINGS = 20;
/** What is heard twice within this time is one message and its copy. */
export const COPY_MS = 1_000;

/**
 * What is known after one more message. Messages are duplicated, late and out of order: what they say counts in the order of their own times, so
 * that the same messages come to the same end in whatever order they arrive. At equal times `resolved` wins: a firing that is over the moment it
 * began is over, while one that goes on will be told again; the other way round it would never end. Told twice to fire, it has fired since the
 * first time. Returns the very same list when the message changes nothing.
 *
 * One thing is not in the messages' own times: an Alertmanager that hears nothing for a while says `resolved`, and then says again that the same alert
 * fires, since its old beginning. That looks like a stale copy, so when it was heard decides, if that is known: see {@link SaidAgain}.
 */
export function takeAlert(alerts: ExternalAlerts, alert: Alert): ExternalAlerts {
  const before = alerts.find((each) => each.trigger === alert.trigger && each.source === alert.source);
  const after =
    before?.resolvedAt !== undefined && alert.since <= before.resolvedAt
      ? afterItsEnd(before, before.resolvedAt, alert)
      : inTime(before, alert);
  if (after === undefined || after === before) return alerts;
  const all = [...alerts.filter((each) => each !== before), after];
  return fires(after) ? all : forgetting(all);
}

/** A message that is later than the last end. */
function inTime(before: AlertSource | undefined, alert: Alert): AlertSource | undefined {
  const { state, since } = alert;
  const { resolvedAt, firingSince: known = [], again, unknownSince } = before ?? {};
  const row = { ...saidBy(alert), ...(resolvedAt === undefined ? {} : { resolvedAt }), firingSince: known };
  if (state === 'unknown')
    return unknownSince !== undefined && unknownSince <= since
      ? before
      : { ...row, ...(again ? { again } : {}), unknownSince: since };
  if (state === 'resolved')
    return {
      ...row,
      resolvedAt: since,
      firingSince: known.filter((at) => at > since),
      ...(again && alert.heard !== undefined && alert.heard < again.heard ? { again } : {}),
    };
  const beginnings = bounded([...new Set([...known, since])].sort((a, b) => a - b));
  if (unknownSince === undefined && (known.includes(since) || !beginnings.includes(since))) return before;
  return { ...row, firingSince: beginnings };
}

/** A message with a time that lies before the last end. It changes something only when it was heard after that. */
function afterItsEnd(before: AlertSource, resolvedAt: number, alert: Alert): AlertSource {
  const { state, since, heard } = alert;
  const { again, unknownSince, ...rest } = before;
  if (heard === undefined || heard <= resolvedAt) return before;
  if (state === 'resolved') return heard >= (again?.heard ?? unknownSince ?? Infinity) ? rest : before;
  if (state === 'unknown')
    return unknownSince === undefined ? { ...before, ...saidBy(alert), unknownSince: heard } : before;
  if (rest.firingSince.length > 0) return unknownSince === undefined ? before : { ...rest, ...saidBy(alert) };
  const twice = again !== undefined && (again.twice || heard - again.heard >= COPY_MS);
  if (again && again.twice === twice && unknownSince === undefined) return before;
  return { ...rest, ...saidBy(alert), again: { since, heard: again?.heard ?? heard, twice } };
}

const withoutAgain = (source: AlertSource): AlertSource => {
  const { again, ...rest } = source;
  return again ? rest : source;
};

const saidBy = ({ trigger, source, name, link, value }: Alert) => ({
  trigger,
  source,
  ...(name === undefined ? {} : { name }),
  ...(link === undefined ? {} : { link }),
  ...(value === undefined ? {} : { value }),
});

/**
 * The same message, in its place when it has no time of its own but the moment it is read, `now`: those of one source then count in the order in which
 * they came, also when several are read in one moment.
 */
export function inPlace(alerts: ExternalAlerts, alert: Alert, now: number): Alert {
  const source = alerts.find((each) => each.trigger === alert.trigger && each.source === alert.source);
  if (alert.since !== now || !source) return alert;
  const { resolvedAt = -Infinity, firingSince } = source;
  return {
    ...alert,
    since: alert.state === 'resolved' ? Math.max(now, ...firingSince) : Math.max(now, resolvedAt + 1),
  };
}

/**
 * Whether one message more or less is news to people: its source fires now and didn't, or no more, or since another time, or nothing is known of it.
 * What may be a stale copy isn't.
 */
export function isNews(
  before: ExternalAlerts,
  after: ExternalAlerts,
  { trigger, source }: Pick<Alert, 'trigger' | 'source'>,
): boolean {
  const [known, now] = [before, after].map((alerts) =>
    alerts.find((each) => each.trigger === trigger && each.source === source),
  );
  if (known === undefined || now === undefined) return now !== undefined;
  return (
    known.firingSince[0] !== now.firingSince[0] ||
    heardAgain(known) !== heardAgain(now) ||
    (known.unknownSince === undefined) !== (now.unknownSince === undefined)
  );
}

const heardAgain = ({ again }: AlertSource) => (again?.twice ? again.heard : undefined);

/** Since when a trigger is met, as its sources say: the earliest of those that fire now. */
export function firingSince(alerts: ExternalAlerts, trigger: string): number | undefined {
  return earliest(firingOf(alerts, trigger).map(beganAt));
}

/** When a trigger is due if nobody resolves it before: its `for` after it began to fire, at once without one. A stale copy of a message makes nothing due that has to last. */
export function externalDeadline(
  alerts: ExternalAlerts,
  trigger: Pick<ExternalTrigger, 'name' | 'for'>,
): number | undefined {
  const since = earliest(countingOf(alerts, trigger).map(beganAt));
  return since === undefined ? undefined : since + trigger.for;
}

/** `fires for 1m 20s of 2m, 5xx 7.2 % (CheckoutFails http://…)`; undefined when nothing fires. */
export function firingText(
  alerts: ExternalAlerts,
  trigger: Pick<ExternalTrigger, 'name' | 'for'>,
  now: number,
): string | undefined {
  const counting = countingOf(alerts, trigger);
  const firing = counting.length > 0 ? counting : firingOf(alerts, trigger.name);
  const since = earliest(firing.map(beganAt));
  const first = firing.find((each) => beganAt(each) === since);
  if (since === undefined || !first) return undefined;
  const what =
    counting.length > 0
      ? `fires for ${trigger.for > 0 ? progress(now - since, trigger.for) : lasted(now - since)}`
      : `is said to fire again after its end, once in ${lasted(now - since)}: it counts when it is said once more`;
  return `${what}, ${whoSays(first, firing.length - 1)}`;
}

/** Sources that nothing is known of, such as of a Grafana that can't query: `is unknown for 5m, no data (CheckoutFails http://…)`. */
export function unknownText(
  alerts: ExternalAlerts,
  trigger: string,
  now: number,
): { readonly since: number; readonly text: string } | undefined {
  const all = alerts.filter((each) => each.trigger === trigger && each.unknownSince !== undefined);
  const since = earliest(all.map(({ unknownSince }) => unknownSince));
  const first = all.find(({ unknownSince }) => unknownSince === since);
  if (since === undefined || !first) return undefined;
  return {
    since,
    text: `is unknown for ${lasted(now - since)}, ${whoSays(first, all.length - 1)}`,
  };
}

/** What people know an alert by: its name and where to look, or who says it. */
export const shownAs = ({ name, link, source }: Pick<AlertSource, 'name' | 'link' | 'source'>): string =>
  name === undefined ? source : `${name}${link === undefined ? '' : ` ${link}`}`;

/** Whether a source fires now. */
export const fires = ({ unknownSince, firingSince, again }: AlertSource): boolean =>
  unknownSince === undefined && (firingSince.length > 0 || again !== undefined);

const whoSays = (source: AlertSource, others: number) =>
  `${source.value === undefined ? '' : `${source.value} `}(${shownAs(source)}${others > 0 ? ` and ${others} more` : ''})`;

const firingOf = (alerts: ExternalAlerts, trigger: string) =>
  alerts.filter((each) => each.trigger === trigger && fires(each));

/** Those that fire and are no stale copy, which matters only where the trigger has to last. */
const countingOf = (alerts: ExternalAlerts, trigger: Pick<ExternalTrigger, 'name' | 'for'>) =>
  firingOf(alerts, trigger.name)
    .map((each) => (each.again && !each.again.twice && trigger.for > 0 ? withoutAgain(each) : each))
    .filter(fires);

const beganAt = ({ firingSince: [first], again }: AlertSource) => earliest([first, again?.heard]);

function earliest(moments: readonly (number | undefined)[]): number | undefined {
  const known = moments.filter((at) => at !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

/** The first beginning decides; of the others the latest matter most. */
const bounded = ([first, ...more]: number[]): number[] =>
  first === undefined ? [] : [first, ...more.slice(-(BEGINNINGS - 1))];

/** Without the sources that don't fire and were heard of longest ago. */
function forgetting(alerts: ExternalAlerts): ExternalAlerts {
  let excess = alerts.filter((each) => !fires(each)).length - RESOLVED_REMEMBERED;
  return excess <= 0 ? alerts : alerts.filter((each) => fires(each) || excess-- <= 0);
}
