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
          source: 'alertmanager:0a1b2c3d4e5f6071@http://am.example',
          heard: NOW,
          name: 'CheckoutFails',
          link: 'http://prometheus.example/graph',
        },
        {
          trigger: 'p1',
          state: 'resolved',
          since: Date.parse('2026-03-01T02:05:00Z'),
          value: '91 %',
          source: 'alertmanager:ff@http://am.example',
          heard: NOW,
          name: 'CheckoutFails',
          link: 'http://prometheus.example/graph',
        },
      ],
      ignored: 0,
      refused: [],
      truncated: 0,
      tooMany: 0,
    });
  });

  test('of Grafana shows its values', () => {
    const { sender, alerts } = readWebhook(grafanaWebhook(grafanaAlert()), NOW);
    expect({ sender, alerts }).toMatchObject({
      sender: 'grafana',
      alerts: [{ source: 'grafana:0a1b2c3d4e5f6071@http://am.example', value: "[ var='A' labels={} value=91 ]" }],
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
      alerts: [{ trigger: 'constructor', state: 'firing', since: NOW, heard: NOW, source: 'alertmanager:__proto__' }],
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

  test('of two senders of one alert has two sources', () => {
    const [a, b] = ['http://am-1.example', 'http://am-2.example'].map(
      (externalURL) => readWebhook({ ...alertmanagerWebhook(alertmanagerAlert()), externalURL }, NOW).alerts[0]?.source,
    );
    expect(a).not.toBe(b);
  });

  test('of one sender tells the same alert again, whatever its link', () => {
    const [a, b] = ['http://prometheus-0/graph', 'http://prometheus-1/graph'].map(
      (generatorURL) => readWebhook(alertmanagerWebhook(alertmanagerAlert({ generatorURL })), NOW).alerts[0]?.source,
    );
    expect(a).toBe(b);
  });

  test.each([
    ['golive-trigger', '"The alert has the label golive-trigger. Did you mean golive_trigger?"'],
    ['goliveTrigger', '"The alert has the label goliveTrigger. Did you mean golive_trigger?"'],
    ['Golive_Trigger', '"The alert has the label Golive_Trigger. Did you mean golive_trigger?"'],
  ])('with the label %s is not passed over in silence', (label, why) => {
    const { refused } = readWebhook(alertmanagerWebhook(alertmanagerAlert({ labels: { [label]: 'p1' } })), NOW);
    expect(JSON.stringify(refused[0])).toBe(why);
  });

  test('with a trigger that is no text is refused', () => {
    const webhook = alertmanagerWebhook(alertmanagerAlert({ labels: { golive_trigger: ['p1'] } }));
    expect(readWebhook(webhook, NOW)).toMatchObject({ alerts: [], ignored: 0, refused: [expect.any(String)] });
  });

  test('with thousands of alerts is cut, those that fire first', () => {
    const webhook = alertmanagerWebhook(
      ...Array.from({ length: 3_000 }, (_, index) =>
        index < 2_500 ? resolvedAlert({ fingerprint: `r${index}` }) : alertmanagerAlert({ fingerprint: `f${index}` }),
      ),
    );
    const { alerts, tooMany } = readWebhook(webhook, NOW);
    expect({ taken: alerts.length, tooMany }).toEqual({ taken: 1_000, tooMany: 2_000 });
    expect(alerts.filter(({ state }) => state === 'firing').length).toBe(500);
  });

  describe('of Grafana that knows nothing', () => {
    const rule = { golive_trigger: 'p1', rulename: 'CheckoutFails', datasource_uid: 'P1', ref_id: 'A' };
    const own = (alertname: string, more: object = {}) =>
      grafanaAlert({ labels: { ...rule, alertname }, annotations: {}, valueString: '', ...more });
    const byReason = (reason: string) =>
      grafanaAlert({ annotations: { grafana_state_reason: reason, summary: 'checkout fails' } });

    test.each([
      ['no data', own('DatasourceNoData'), 'Grafana has no data'],
      [
        'an error',
        own('DatasourceError', { annotations: { Error: 'i/o timeout' } }),
        "Grafana's query failed: i/o timeout",
      ],
      ['an error without words', own('DatasourceError'), "Grafana's query failed"],
      ['no data, written otherwise', own('datasource_no_data'), 'Grafana has no data'],
      ['the reason NoData', byReason('NoData'), 'Grafana has no data'],
      ['the reason Error', byReason('Error'), "Grafana's query failed"],
      ['a kept state', byReason('NoData, KeepLast'), 'Grafana has no data'],
    ])('%s is unknown', (_, alert, value) => {
      for (const webhook of [grafanaWebhook(alert), alertmanagerWebhook(alert)])
        expect(readWebhook(webhook, NOW)).toMatchObject({
          alerts: [{ trigger: 'p1', state: 'unknown', value, name: 'CheckoutFails' }],
          refused: [],
        });
    });

    test.each([
      ['its end', own('DatasourceNoData', { status: 'resolved', endsAt: '2026-03-01T02:05:00Z' }), 'resolved'],
      ['a rule of its name', grafanaAlert({ labels: { ...rule, alertname: 'DatasourceErrorRate' } }), 'firing'],
      ['another reason', byReason('Updated'), 'firing'],
      ['the rule itself', grafanaAlert(), 'firing'],
    ])('%s is not', (_, alert, state) => {
      expect(readWebhook(grafanaWebhook(alert), NOW)).toMatchObject({ alerts: [{ state }] });
    });
  });

  test.each([
    [
      'the rule',
      { generatorURL: 'http://grafana/alerting/x/view', panelURL: 'http://grafana/d/1' },
      'http://grafana/alerting/x/view',
    ],
    ['the panel', { generatorURL: '', panelURL: 'http://grafana/d/1' }, 'http://grafana/d/1'],
    ['the sender', { generatorURL: `http://a/${'x'.repeat(500)}`, panelURL: 7 }, 'http://am.example'],
  ])('links to %s', (_, more, link) => {
    expect(readWebhook(grafanaWebhook(grafanaAlert(more)), NOW).alerts[0]).toMatchObject({
      name: 'CheckoutFails',
      link,
    });
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
