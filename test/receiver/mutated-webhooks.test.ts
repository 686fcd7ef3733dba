import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  externalDeadline,
  firingSince,
  takeAlert,
  unknownText,
  type ExternalAlerts,
} from '../../src/domain/alerts/external-alerts.js';
import { MOST_ALERTS, readWebhook, type Webhook } from '../../src/receiver/webhook.js';
import { runs } from '../support/property-runs.js';
import { alertmanagerAlert, alertmanagerWebhook, grafanaAlert, grafanaWebhook, resolvedAlert } from './webhooks.js';

const HEARD = Date.parse('2026-03-01T02:10:00Z');
const S = 1_000;
const labels = { alertname: 'CheckoutFails', golive_trigger: 'p1' };
const TRIGGER = { name: 'p1', for: 120 * S };

/** What a go-live knows after these webhooks, each heard a minute after the one before. */
const after = (...webhooks: unknown[]) =>
  webhooks
    .flatMap((each, index) => readWebhook(each, HEARD + index * 60 * S).alerts)
    .reduce<ExternalAlerts>(takeAlert, []);

describe('webhooks one after the other', () => {
  const firing = alertmanagerWebhook(alertmanagerAlert({ labels }));
  const resolved = alertmanagerWebhook(resolvedAlert({ labels }));

  test('firing, a false end, firing again since the same time: its clock counts from when it was heard again', () => {
    expect(externalDeadline(after(firing, resolved), TRIGGER)).toBeUndefined();
    expect(externalDeadline(after(firing, resolved, firing), TRIGGER)).toBeUndefined();
    expect(externalDeadline(after(firing, resolved, firing, firing), TRIGGER)).toBe(HEARD + 120 * S + TRIGGER.for);
    expect(externalDeadline(after(firing, resolved, firing), { name: 'p1', for: 0 })).toBe(HEARD + 120 * S);
  });

  test('of two Alertmanagers: it fires while one of them says so', () => {
    const [one, other] = ['http://am-1:9093', 'http://am-2:9093'].map((externalURL) => (webhook: object) => ({
      ...webhook,
      externalURL,
    })) as [(webhook: object) => object, (webhook: object) => object];
    const began = Date.parse('2026-03-01T02:00:00.123Z');
    expect(firingSince(after(one(firing), other(firing), other(resolved)), 'p1')).toBe(began);
    expect(firingSince(after(one(firing), other(resolved)), 'p1')).toBe(began);
    expect(firingSince(after(one(firing), other(firing), other(resolved), one(resolved)), 'p1')).toBeUndefined();
  });

  test('of Grafana that has no data while an alert fires: that one fires on', () => {
    const noData = grafanaAlert({ labels: { ...labels, alertname: 'DatasourceNoData' }, fingerprint: 'aa00' });
    const known = after(grafanaWebhook(grafanaAlert({ labels })), grafanaWebhook(noData));
    expect(firingSince(known, 'p1')).toBeDefined();
    expect(unknownText(known, 'p1', HEARD)).toBeDefined();
  });
});

const REAL = {
  alertmanager: { sent: alertmanagerAlert({ labels }), around: alertmanagerWebhook(), state: 'firing' },
  grafana: { sent: grafanaAlert({ labels }), around: grafanaWebhook(), state: 'firing' },
  'no data': {
    sent: grafanaAlert({ labels: { ...labels, alertname: 'DatasourceNoData', rulename: 'CheckoutFails' } }),
    around: grafanaWebhook(),
    state: 'unknown',
  },
  failed: {
    sent: grafanaAlert({ labels: { ...labels, alertname: 'DatasourceError' } }),
    around: grafanaWebhook(),
    state: 'unknown',
  },
};
const real = fc.constantFrom(...Object.values(REAL));
const other = fc.oneof(
  fc.jsonValue(),
  fc.constant(alertmanagerAlert({ labels: { alertname: 'Disk' } })),
  fc.integer().map((n) => resolvedAlert({ labels, fingerprint: `other${n < 0 ? 'x' : ''}${Math.abs(n)}` })),
);
const unlike = fc.oneof(fc.jsonValue(), fc.constantFrom(null, 'x'.repeat(10_000), -1, '0001-01-01T00:00:00Z'));
/** An object with one key renamed, gone, or with something else in it. */
const spoilt = (whole: Record<string, unknown>) =>
  fc.tuple(fc.constantFrom(...Object.keys(whole)), fc.option(unlike), fc.boolean()).map(([key, value, renamed]) => {
    const { [key]: before, ...rest } = whole;
    return { ...rest, ...(renamed ? { [`${key}_`]: before } : value === null ? {} : { [key]: value }) };
  });
const ofOurs = ({ alerts }: Webhook) => alerts.filter(({ source }) => !source.includes(':other'));

describe('unknown or right, never green by mistake', () => {
  test('among others, in any order, many times, in thousands', () => {
    const crowd = fc.oneof(
      fc.array(other, { maxLength: 10 }),
      fc.tuple(other, fc.integer({ min: 500, max: 3_000 })).map(([each, count]) => Array<unknown>(count).fill(each)),
    );
    fc.assert(
      fc.property(real, crowd, crowd, fc.integer({ min: 1, max: 3 }), (of, first, last, copies) => {
        const alerts = [...first, ...Array<unknown>(copies).fill(of.sent), ...last];
        const began = performance.now();
        const read = readWebhook({ ...of.around, alerts }, HEARD);
        expect(performance.now() - began).toBeLessThan(5_000);
        expect(ofOurs(read).map(({ state }) => state)).toEqual(Array(copies).fill(of.state));
        expect(read.alerts.length).toBeLessThanOrEqual(MOST_ALERTS);
        expect(read.alerts.length + read.refused.length + read.ignored + read.tooMany).toBe(alerts.length);
      }),
      runs(50),
    );
  });

  test('spoilt in one place', () => {
    const spoiltWebhook = real.chain((of) =>
      fc
        .oneof(
          spoilt(of.sent).map((sent) => ({ ...of.around, alerts: [sent] })),
          spoilt(of.sent['labels'] as Record<string, unknown>).map((changed) => ({
            ...of.around,
            alerts: [{ ...of.sent, labels: changed }],
          })),
          spoilt({ ...of.around, alerts: [of.sent] }),
        )
        .map((webhook) => ({ of, webhook })),
    );
    const before = after(alertmanagerWebhook(alertmanagerAlert({ labels })));
    fc.assert(
      fc.property(spoiltWebhook, ({ of, webhook }) => {
        const read = readOrRefuse(webhook);
        if (!read) return;
        for (const each of [...read.alerts, ...read.refused]) expect(JSON.stringify(each).length).toBeLessThan(2_000);
        // Nothing that is no end becomes one, and what is passed over has lost its label.
        expect(read.alerts.filter(({ state }) => state === 'resolved')).toEqual([]);
        if (read.alerts.length + read.refused.length === 0)
          expect(JSON.stringify(webhook)).not.toMatch(/"golive_trigger_?":"p1"[^[]*"startsAt"/);
        // What says its name says that nothing is known.
        if (of.state === 'unknown' && /"alertname":"Datasource/.test(JSON.stringify(webhook)))
          expect(read.alerts.filter(({ state }) => state === 'firing')).toEqual([]);
        // What fired before is not over.
        expect(read.alerts.reduce(takeAlert, before).every(({ resolvedAt }) => resolvedAt === undefined)).toBe(true);
      }),
      runs(200),
    );
  });

  test('cut anywhere', () => {
    fc.assert(
      fc.property(real, fc.nat(), ({ sent, around }, at) => {
        const text = JSON.stringify({ ...around, alerts: [sent] });
        expect(() => JSON.parse(text.slice(0, at % text.length)) as unknown).toThrow(SyntaxError);
      }),
      runs(),
    );
  });
});

/** Undefined when the whole of it is refused with a sentence. */
function readOrRefuse(webhook: unknown): Webhook | undefined {
  try {
    return readWebhook(webhook, HEARD);
  } catch (error) {
    expect((error as Error).message).toContain('expected the webhook of Alertmanager');
    return undefined;
  }
}
