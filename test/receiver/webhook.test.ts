import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readWebhook } from '../../src/receiver/webhook.js';
import { alertmanagerAlert, alertmanagerWebhook, grafanaAlert, grafanaWebhook, resolvedAlert } from './webhooks.js';
import { runs } from '../support/property-runs.js';

const NOW = Date.parse('2026-03-01T02:10:00Z');

describe('a webhook', () => {
  test('of Alertmanager tells each alert with its own state and time', () => {
    const body = alertmanagerWebhook(alertmanagerAlert(), resolvedAlert({ fingerprint: 'ff' }));
    expect(readWebhook(body, NOW)).toEqual({
      sender: 'alertmanager',
      alerts: [
        {
          trigger: 'p1',
          state: 'firing',
          since: Date.parse('2026-03-01T02:00:00.123Z'),
          value: '91 %',
          source: 'alertmanager:0a1b2c3d4e5f6071',
        },
        {
          trigger: 'p1',
          state: 'resolved',
          since: Date.parse('2026-03-01T02:05:00Z'),
          value: '91 %',
          source: 'alertmanager:ff',
        },
      ],
      ignored: 0,
      refused: [],
      truncated: 0,
    });
  });

  test('of Grafana shows its values', () => {
    const { sender, alerts } = readWebhook(grafanaWebhook(grafanaAlert()), NOW);
    expect({ sender, alerts }).toMatchObject({
      sender: 'grafana',
      alerts: [{ source: 'grafana:0a1b2c3d4e5f6071', value: "[ var='A' labels={} value=91 ]" }],
    });
  });

  test('shows the summary where there is no value', () => {
    expect(readWebhook(grafanaWebhook(grafanaAlert({ valueString: '' })), NOW).alerts[0]?.value).toBe('checkout fails');
  });

  test('ignores what is not for golive, and says what it can not read', () => {
    const strange = [
      alertmanagerAlert({ status: 'suppressed' }),
      alertmanagerAlert({ labels: { golive_trigger: 'Not A Name' } }),
    ];
    const { alerts, ignored, refused } = readWebhook(
      alertmanagerWebhook(
        alertmanagerAlert({ labels: { alertname: 'Disk' } }),
        7,
        null,
        {},
        ...strange,
        alertmanagerAlert(),
      ),
      NOW,
    );
    expect({ alerts: alerts.length, ignored }).toEqual({ alerts: 1, ignored: 4 });
    expect(refused.map((each) => each.slice(0, 45))).toEqual([
      `The alert's state is "suppressed", neither "f`,
      `The alert's trigger is "Not A Name", not the `,
    ]);
  });

  test('without fingerprints tells alerts apart by their labels', () => {
    const [a, b, c] = [{ x: '1', y: '2' }, { y: '2', x: '1' }, { x: '1' }].map(
      (labels) =>
        readWebhook(
          alertmanagerWebhook(
            alertmanagerAlert({ labels: { golive_trigger: 'p1', ...labels }, fingerprint: undefined }),
          ),
          NOW,
        ).alerts[0]?.source,
    );
    expect(a).toBe(b);
    expect(a).not.toBe(c);
  });

  test('with keys of prototypes is only data', () => {
    const text =
      '{"alerts":[{"__proto__":{"status":"firing"},"labels":{"__proto__":{"golive_trigger":"p1"},"constructor":"x"}},{"labels":{"golive_trigger":"constructor","__proto__":"x"},"status":"firing","fingerprint":"__proto__"}]}';
    const { alerts, ignored } = readWebhook(JSON.parse(text), NOW);
    expect({ alerts, ignored }).toEqual({
      alerts: [{ trigger: 'constructor', state: 'firing', since: NOW, source: 'alertmanager:__proto__' }],
      ignored: 1,
    });
    expect(({} as Record<string, unknown>)['golive_trigger']).toBeUndefined();
  });

  test('tells when its sender left alerts out', () => {
    expect(readWebhook({ ...alertmanagerWebhook(), truncatedAlerts: 3 }, NOW).truncated).toBe(3);
  });

  test.each([[null], [[]], ['text'], [{}], [{ alerts: {} }], [7]])('%j is none', (body) => {
    expect(() => readWebhook(body, NOW)).toThrow('expected the webhook of Alertmanager (version 4) or Grafana');
  });

  test('of anything is read or refused', () => {
    const alert = fc.oneof(
      fc.jsonValue(),
      fc.record({
        status: fc.jsonValue(),
        labels: fc.oneof(fc.jsonValue(), fc.record({ golive_trigger: fc.jsonValue() })),
        startsAt: fc.jsonValue(),
        annotations: fc.jsonValue(),
      }),
    );
    fc.assert(
      fc.property(fc.array(alert), (alerts) => {
        const read = readWebhook({ alerts }, NOW);
        expect(read.alerts.length + read.refused.length + read.ignored).toBe(alerts.length);
      }),
      runs(),
    );
  });
});
