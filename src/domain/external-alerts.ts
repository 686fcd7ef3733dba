import type { Alert } from './alert.js';
import { formatDuration } from './duration.js';
import type { ExternalTrigger } from './playbook/trigger.js';

/** What is known of one source of one trigger. It fires when it began to after it was last resolved. */
export interface AlertSource {
  readonly trigger: string;
  readonly source: string;
  /** When it was last resolved; absent when nobody has said that it was. */
  readonly resolvedAt?: number;
  /** When it began to fire since then, as it was told, earliest first. More than one when it was told again with another time. */
  readonly firingSince: readonly number[];
  /** The value of the message that changed this last. */
  readonly value?: string;
}

/** What is known from outside, oldest knowledge first. Moments are epoch milliseconds of whoever sent them. */
export type ExternalAlerts = readonly AlertSource[];

/** So many sources that don't fire are remembered, to know their late messages. One that fires is never forgotten; the server's cap on signals bounds those. */
export const RESOLVED_REMEMBERED = 200;
/** So many beginnings of one firing are remembered, for a late `resolved` that lies between two of them. */
const BEGINNINGS = 20;

/**
 * What is known after one more message. Messages are duplicated, late and out of order: what they say counts in the order of their own times, so
 * that the same messages come to the same end in whatever order they arrive. At equal times `resolved` wins: a firing that is over the moment it
 * began is over, while one that goes on will be told again; the other way round it would never end. Told twice to fire, it has fired since the
 * first time. Returns the very same list when the message changes nothing.
 */
export function takeAlert(alerts: ExternalAlerts, { trigger, state, since, value, source }: Alert): ExternalAlerts {
  const before = alerts.find((each) => each.trigger === trigger && each.source === source);
  const { resolvedAt } = before ?? {};
  const known: readonly number[] = before?.firingSince ?? [];
  if (resolvedAt !== undefined && since <= resolvedAt) return alerts;
  const who = { trigger, source, ...(value === undefined ? {} : { value }) };
  const others = alerts.filter((each) => each !== before);
  if (state === 'resolved')
    return forgetting([...others, { ...who, resolvedAt: since, firingSince: known.filter((at) => at > since) }]);
  const beginnings = bounded([...new Set([...known, since])].sort((a, b) => a - b));
  if (known.includes(since) || !beginnings.includes(since)) return alerts;
  return [...others, { ...who, ...(resolvedAt === undefined ? {} : { resolvedAt }), firingSince: beginnings }];
}

/**
 * The same message, in its place when it has no time of its own but the moment it is read, `now`: those of one source then count in the order in which
 * they came, also when several are read in one moment.
 */
export function inPlace(alerts: ExternalAlerts, alert: Alert, now: number): Alert {
  const source = alerts.find((each) => each.trigger === alert.trigger && each.source === alert.source);
  if (alert.since !== now || !source) return alert;
  const { resolvedAt = -Infinity, firingSince } = source;
  return { ...alert, since: alert.state === 'firing' ? Math.max(now, resolvedAt + 1) : Math.max(now, ...firingSince) };
}

/** Whether one message more or less is news to people: its source fires now and didn't, or no more, or since another time. */
export function isNews(
  before: ExternalAlerts,
  after: ExternalAlerts,
  { trigger, source }: Pick<Alert, 'trigger' | 'source'>,
): boolean {
  const [known, now] = [before, after].map((alerts) =>
    alerts.find((each) => each.trigger === trigger && each.source === source),
  );
  return known === undefined ? now !== undefined : known.firingSince[0] !== now?.firingSince[0];
}

/** Since when a trigger is met, as its sources say: the earliest of those that fire now. */
export function firingSince(alerts: ExternalAlerts, trigger: string): number | undefined {
  const moments = firingOf(alerts, trigger).flatMap((each) => each.firingSince[0] ?? []);
  return moments.length === 0 ? undefined : Math.min(...moments);
}

/** When a trigger is due if nobody resolves it before: its `for` after it began to fire, at once without one. */
export function externalDeadline(
  alerts: ExternalAlerts,
  trigger: Pick<ExternalTrigger, 'name' | 'for'>,
): number | undefined {
  const since = firingSince(alerts, trigger.name);
  return since === undefined ? undefined : since + trigger.for;
}

/** `fires for 1m 20s of 2m, 5xx 7.2 % (alertmanager:0a1b)`; undefined when nothing fires. */
export function firingText(
  alerts: ExternalAlerts,
  trigger: Pick<ExternalTrigger, 'name' | 'for'>,
  now: number,
): string | undefined {
  const firing = firingOf(alerts, trigger.name);
  const since = firingSince(alerts, trigger.name);
  const first = firing.find((each) => each.firingSince[0] === since);
  if (since === undefined || !first) return undefined;
  const length =
    formatDuration(Math.max(0, now - since)) + (trigger.for > 0 ? ` of ${formatDuration(trigger.for)}` : '');
  const more = firing.length > 1 ? ` and ${firing.length - 1} more` : '';
  return `fires for ${length}, ${first.value === undefined ? '' : `${first.value} `}(${first.source}${more})`;
}

/** Whether a source fires now. */
export const fires = (source: AlertSource): boolean => source.firingSince.length > 0;

const firingOf = (alerts: ExternalAlerts, trigger: string) =>
  alerts.filter((each) => each.trigger === trigger && fires(each));

/** The first beginning decides; of the others the latest matter most. */
const bounded = ([first, ...more]: number[]): number[] =>
  first === undefined ? [] : [first, ...more.slice(-(BEGINNINGS - 1))];

/** Without the resolved sources that were heard of longest ago. */
function forgetting(alerts: ExternalAlerts): ExternalAlerts {
  let excess = alerts.filter((each) => !fires(each)).length - RESOLVED_REMEMBERED;
  return excess <= 0 ? alerts : alerts.filter((each) => fires(each) || excess-- <= 0);
}
