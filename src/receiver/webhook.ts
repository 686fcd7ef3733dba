import { createHash } from 'node:crypto';
import { readAlert, type Alert } from '../domain/alert.js';

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
}

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
  const ours = all.filter((each) => typeof own(own(each, 'labels'), TRIGGER_LABEL) === 'string');
  const read = ours.map((each) => readAlert(claimOf(each, sender), now));
  const truncated = own(body, 'truncatedAlerts');
  return {
    sender,
    alerts: read.flatMap((each) => ('refused' in each ? [] : each)),
    ignored: all.length - ours.length,
    refused: read.flatMap((each) => ('refused' in each ? each.refused : [])),
    truncated: typeof truncated === 'number' ? truncated : 0,
  };
}

function claimOf(alert: unknown, sender: Webhook['sender']): unknown {
  const labels = own(alert, 'labels');
  const state = own(alert, 'status');
  const annotations = own(alert, 'annotations');
  const fingerprint = own(alert, 'fingerprint');
  return {
    trigger: own(labels, TRIGGER_LABEL),
    state,
    since: own(alert, state === 'resolved' ? 'endsAt' : 'startsAt'),
    value: [
      own(annotations, 'value'),
      own(alert, 'valueString'),
      own(annotations, 'summary'),
      own(annotations, 'description'),
    ].find((each) => typeof each === 'string' && each.trim() !== ''),
    source: `${sender}:${typeof fingerprint === 'string' && fingerprint !== '' ? fingerprint : fingerprintOf(labels)}`,
  };
}

/** What tells an alert from others where the sender says nothing of the kind: its labels. */
function fingerprintOf(labels: unknown): string {
  const pairs = Object.entries(labels as object).filter(([, value]) => typeof value === 'string');
  return createHash('sha256')
    .update(JSON.stringify(pairs.sort(([a], [b]) => (a < b ? -1 : 1))))
    .digest('hex')
    .slice(0, 16);
}

/** A key of an object from outside: its own one, never one of its prototype. */
function own(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}
