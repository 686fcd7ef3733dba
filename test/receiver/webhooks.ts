/** An alert as Alertmanager puts it into a webhook. */
export function alertmanagerAlert(more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    status: 'firing',
    labels: { alertname: 'CheckoutFails', golive_trigger: 'p1', severity: 'critical' },
    annotations: { value: '91 %' },
    startsAt: '2026-03-01T02:00:00.123456789Z',
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: 'http://prometheus.example/graph',
    fingerprint: '0a1b2c3d4e5f6071',
    ...more,
  };
}

export const resolvedAlert = (more: Readonly<Record<string, unknown>> = {}) =>
  alertmanagerAlert({ status: 'resolved', endsAt: '2026-03-01T02:05:00Z', ...more });

/** A webhook of Alertmanager, version 4. */
export function alertmanagerWebhook(...alerts: unknown[]): Record<string, unknown> {
  return {
    version: '4',
    groupKey: '{}:{}',
    truncatedAlerts: 0,
    status: 'firing',
    receiver: 'golive',
    groupLabels: {},
    commonLabels: {},
    commonAnnotations: {},
    externalURL: 'http://am.example',
    alerts,
  };
}

/** The same of a contact point of Grafana. */
export function grafanaWebhook(...alerts: unknown[]): Record<string, unknown> {
  return {
    ...alertmanagerWebhook(...alerts),
    version: '1',
    orgId: 1,
    title: '[FIRING:1]',
    state: 'alerting',
    message: 'text',
  };
}

export function grafanaAlert(more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    ...alertmanagerAlert(),
    annotations: { summary: 'checkout fails' },
    values: { A: 91 },
    valueString: "[ var='A' labels={} value=91 ]",
    dashboardURL: '',
    panelURL: '',
    silenceURL: '',
    ...more,
  };
}
