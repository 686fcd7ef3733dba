import { createHash } from 'node:crypto';
import { linkOf, readAlert, type Alert } from '../domain/alerts/alert.js';
import { oneLine } from '../domain/text/one-line.js';

/** The label of an alert that names the external trigger it is for. Alerts without it are none of golive's business. */
export const TRIGGER_LABEL = 'golive_trigger';

/** What a webhook says about triggers. */
export interface Webhook {
  readonly sender: 'alertmanager' | 'grafana';
  readonly alerts: readonly Alert[];
  /** How many have no `golive_trigger`. */
  readonly ignored: number;
  /** Those that have one and still can't be read, each in words. */
  readonly refused: readonly string[];
  /** How many the sender left out, by a bound of its own. */
  readonly truncated: number;
  /** How many are left out here, because one webhook has too many. */
  readonly tooMany: number;
}

/** So many alerts are taken of one webhook; of more, those that fire first. */
export const MOST_ALERTS = 1_000;
const EXPECTED =
  'expected the webhook of Alertmanager (version 4) or Grafana: one JSON object with a list of alerts under "alerts"';

/**
 * Reads the body of a webhook of Alertmanager (version 4) or of Grafana's contact points, whose shape is a superset of it. Each alert has a status of
 * its own: that of the whole group is not looked at. Throws a sentence when it is neither.
 */
export function readWebhook(body: unknown, now: number): Webhook {
  const all = own(body, 'alerts');
  if (!Array.isArray(all)) throw new Error(EXPECTED);
  // Grafana alone says which of its organizations an alert belongs to.
  const sender = own(body, 'orgId') === undefined ? 'alertmanager' : 'grafana';
  const labelled: unknown[] = all.filter((each) => labelOf(own(each, 'labels')) !== undefined);
  const resolvedLast = (alert: unknown) => Number(own(alert, 'status') === 'resolved');
  const ours =
    labelled.length > MOST_ALERTS
      ? [...labelled].sort((a, b) => resolvedLast(a) - resolvedLast(b)).slice(0, MOST_ALERTS)
      : labelled;
  const address = own(body, 'externalURL');
  const read = ours.map((each) => readOurs(each, { sender, address, now }));
  const truncated = own(body, 'truncatedAlerts');
  return {
    sender,
    alerts: read.flatMap((each) => ('refused' in each ? [] : each)),
    ignored: all.length - labelled.length,
    refused: read.flatMap((each) => ('refused' in each ? each.refused : [])),
    truncated: typeof truncated === 'number' && truncated > 0 ? truncated : 0,
    tooMany: labelled.length - ours.length,
  };
}

interface From {
  readonly sender: Webhook['sender'];
  readonly address: unknown;
  readonly now: number;
}

function readOurs(alert: unknown, from: From): ReturnType<typeof readAlert> {
  const label = labelOf(own(alert, 'labels'));
  if (label !== undefined && label !== TRIGGER_LABEL)
    return { refused: `The alert has the label ${oneLine(label, 60)}. Did you mean ${TRIGGER_LABEL}?` };
  return readAlert(claimOf(alert, from), from.now);
}

/** The label for golive, also written otherwise: such an alert is meant for a trigger and must not be passed over in silence. */
function labelOf(labels: unknown): string | undefined {
  if (own(labels, TRIGGER_LABEL) !== undefined) return TRIGGER_LABEL;
  if (typeof labels !== 'object' || labels === null) return undefined;
  return Object.keys(labels).find(
    (key) => key.length < 30 && key.toLowerCase().replace(/[^a-z]/g, '') === 'golivetrigger',
  );
}

function claimOf(alert: unknown, { sender, address, now }: From): unknown {
  const labels = own(alert, 'labels');
  const annotations = own(alert, 'annotations');
  const status = own(alert, 'status');
  const unknown = status === 'firing' ? nothingKnown(labels, annotations) : undefined;
  const rule = unknown === undefined ? undefined : own(labels, 'rulename');
  return {
    trigger: own(labels, TRIGGER_LABEL),
    state: unknown === undefined ? status : 'unknown',
    since: own(alert, status === 'resolved' ? 'endsAt' : 'startsAt'),
    heard: now,
    value:
      unknown ??
      [
        own(annotations, 'value'),
        own(alert, 'valueString'),
        own(annotations, 'summary'),
        own(annotations, 'description'),
      ].find(isText),
    source: `${sender}:${fingerprintOf(alert)}${isText(address) ? `@${short(address)}` : ''}`,
    name: isText(rule) ? rule : own(labels, 'alertname'),
    link: [own(alert, 'generatorURL'), own(alert, 'panelURL'), own(alert, 'dashboardURL'), address].find(
      (each) => linkOf(each) !== undefined,
    ),
  };
}

/**
 * Grafana fires an alert of its own when a rule's query finds no data or fails, by default with another name and the labels of the rule, by choice as
 * the rule's own alert with a reason. Either says that nothing is known. An Alertmanager may pass it on.
 */
function nothingKnown(labels: unknown, annotations: unknown): string | undefined {
  const called = own(labels, 'alertname');
  const reason = own(annotations, 'grafana_state_reason');
  const [, noData, failed] =
    /^datasource(?:(nodata)|(error))$/.exec(isText(called) ? letters(called) : '') ??
    /^(?:.*, *)?(?:(no ?data)|(error))(?:,.*)?$/i.exec(isText(reason) ? reason.slice(0, 100).trim() : '') ??
    [];
  if (noData !== undefined) return 'Grafana has no data';
  if (failed === undefined) return undefined;
  const why = [own(annotations, 'Error'), own(annotations, 'error')].find(isText);
  return `Grafana's query failed${why === undefined ? '' : `: ${why}`}`;
}

/** What tells an alert from others: its fingerprint, or its labels where the sender says nothing of the kind. */
function fingerprintOf(alert: unknown): string {
  const fingerprint = own(alert, 'fingerprint');
  if (typeof fingerprint === 'string' && /^\w{1,64}$/.test(fingerprint)) return fingerprint;
  const pairs = Object.entries(own(alert, 'labels') as object).filter(([, value]) => typeof value === 'string');
  return digest(JSON.stringify(pairs.sort(([a], [b]) => (a < b ? -1 : 1)))).slice(0, 16);
}

/** Who sends it, for each says for itself what fires: two Alertmanagers that aren't one cluster give the same alert the same fingerprint. */
const short = (address: string) =>
  /^https?:\/\/[\w.:[\]/-]{1,80}$/.test(address) ? address : digest(address).slice(0, 8);

const digest = (text: string) => createHash('sha256').update(text).digest('hex');
const letters = (text: string) =>
  text
    .slice(0, 100)
    .toLowerCase()
    .replace(/[^a-z]/g, '');
const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';

/** A key of an object from outside: its own one, never one of its prototype. */
function own(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}
