import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { NOW, ReceiverLab, TOKEN, HMAC_KEY } from './receiver-lab.js';
import { alertmanagerAlert, alertmanagerWebhook, grafanaAlert, grafanaWebhook, resolvedAlert } from './webhooks.js';

let lab: ReceiverLab;
beforeEach(async () => {
  lab = await ReceiverLab.open();
});
afterEach(() => lab.close());

describe('POST /alerts/<environment>', () => {
  test('makes signals of alerts that fire and are resolved', async () => {
    expect(await lab.post(alertmanagerWebhook(alertmanagerAlert()))).toMatchObject({
      status: 200,
      body: { message: 'told to the go-live', signals: 1, ignored: 0 },
    });
    expect(await lab.post(alertmanagerWebhook(resolvedAlert()))).toMatchObject({ status: 200, body: { signals: 1 } });
    expect(lab.sink.told).toEqual([
      {
        environment: 'prod',
        alert: {
          trigger: 'p1',
          state: 'firing',
          since: Date.parse('2026-03-01T02:00:00.123Z'),
          value: '91 %',
          source: 'alertmanager:0a1b2c3d4e5f6071@http://am.example',
          name: 'CheckoutFails',
          link: 'http://prometheus.example/graph',
        },
      },
      {
        environment: 'prod',
        alert: {
          trigger: 'p1',
          state: 'resolved',
          since: Date.parse('2026-03-01T02:05:00Z'),
          value: '91 %',
          source: 'alertmanager:0a1b2c3d4e5f6071@http://am.example',
          name: 'CheckoutFails',
          link: 'http://prometheus.example/graph',
        },
      },
    ]);
  });

  test('tells a repetition to nobody', async () => {
    await lab.post(alertmanagerWebhook(alertmanagerAlert()));
    expect(await lab.post(alertmanagerWebhook(alertmanagerAlert()))).toMatchObject({
      status: 200,
      body: { message: 'nothing new: the go-live knows all of this', signals: 0 },
    });
  });

  test('counts what is not for golive, without asking Temporal', async () => {
    lab.sink.goLive = () => {
      throw new Error('asked');
    };
    const webhook = alertmanagerWebhook(alertmanagerAlert({ labels: { alertname: 'Disk' } }));
    expect(await lab.post(webhook)).toMatchObject({
      status: 200,
      body: { message: 'nothing to do: no alert has the label golive_trigger', ignored: 1 },
    });
  });

  test('without an open go-live there is nothing to do and nothing to send again', async () => {
    lab.sink.goLive = () => undefined;
    expect(await lab.post(alertmanagerWebhook(alertmanagerAlert()))).toMatchObject({
      status: 200,
      body: { message: 'no go-live is open in "prod", so there is nothing to stop' },
    });
  });

  test('for an environment that does not exist is refused, so that the sender counts a failure', async () => {
    lab.sink.goLive = () => undefined;
    lab.sink.environments = ['prod', 'staging'];
    const webhook = alertmanagerWebhook(alertmanagerAlert());
    expect(await lab.post(webhook, { path: '/alerts/prdo' })).toMatchObject({
      status: 404,
      body: { message: expect.stringContaining('no go-live is known in "prdo". Did you mean "prod"?') },
    });
    expect(await lab.post(webhook)).toMatchObject({ status: 200 });
  });

  test('for a trigger that does not exist is told and refused, the others are taken', async () => {
    lab.sink.triggers = ['p1', 'p2'];
    const typo = alertmanagerAlert({ labels: { alertname: 'X', golive_trigger: 'p3' }, fingerprint: 'ff' });
    expect(await lab.post(alertmanagerWebhook(typo, alertmanagerAlert()))).toMatchObject({
      status: 422,
      body: {
        message: 'the go-live has no external trigger "p3". Did you mean "p1"?; the others were taken',
        signals: 2,
      },
    });
    lab.sink.triggers = [];
    expect(await lab.post(alertmanagerWebhook(alertmanagerAlert()))).toMatchObject({
      status: 422,
      body: { message: 'the go-live has no external trigger "p1". It has none' },
    });
    lab.sink.triggers = ['p1', 'p2'];
    expect(await lab.post(alertmanagerWebhook(typo))).toMatchObject({
      status: 422,
      body: { message: 'the go-live has no external trigger "p3". Did you mean "p1"?' },
    });
    lab.sink.triggers = undefined;
    expect(await lab.post(alertmanagerWebhook(typo))).toMatchObject({ status: 200 });
  });

  test('of which the sender left some out is refused, what is there is taken', async () => {
    expect(await lab.post({ ...alertmanagerWebhook(alertmanagerAlert()), truncatedAlerts: 2 })).toMatchObject({
      status: 422,
      body: { signals: 1, truncated: 2, message: expect.stringContaining('left 2 alerts out') },
    });
  });

  test('with more alerts than one message may have is refused, those that fire are taken', async () => {
    const many = Array.from({ length: 1_001 }, (_, index) => resolvedAlert({ fingerprint: `r${index}` }));
    expect(await lab.post(alertmanagerWebhook(...many, alertmanagerAlert()))).toMatchObject({
      status: 413,
      body: { signals: 1 },
    });
  });

  test('asks for it again when Temporal is away, and takes it then', async () => {
    lab.sink.beforeTelling = () => {
      throw new Error('14 UNAVAILABLE');
    };
    expect(await lab.post(alertmanagerWebhook(alertmanagerAlert()))).toMatchObject({
      status: 503,
      headers: { 'retry-after': '5' },
      body: { message: "Temporal can't be asked now: send it again" },
    });
    lab.sink.beforeTelling = () => undefined;
    expect(await lab.post(alertmanagerWebhook(alertmanagerAlert()))).toMatchObject({
      status: 200,
      body: { signals: 1 },
    });
  });

  test('asks for the rest again when there is too much', async () => {
    const flood = alertmanagerWebhook(
      ...Array.from({ length: 500 }, (_, index) => alertmanagerAlert({ fingerprint: `f${index}` })),
    );
    expect(await lab.post(flood)).toMatchObject({
      status: 503,
      headers: { 'retry-after': '75' },
      body: { signals: 400 },
    });
  });

  test('takes the good ones and names the others', async () => {
    const answer = await lab.post(alertmanagerWebhook(alertmanagerAlert({ status: 'pending' }), alertmanagerAlert()));
    expect(answer).toMatchObject({
      status: 400,
      body: { message: "1 of 2 alerts with the label golive_trigger can't be read; the others were taken", signals: 1 },
    });
    expect(lab.logged.join('')).toContain('neither \\"firing\\" nor \\"resolved\\"');
  });

  test('answers only after the signal was accepted', async () => {
    let accept = () => {};
    let reached = () => {};
    const atSink = new Promise<void>((resolve) => (reached = resolve));
    lab.sink.beforeTelling = () => {
      reached();
      return new Promise<void>((resolve) => (accept = resolve));
    };
    let answered = false;
    const answer = lab.post(alertmanagerWebhook(alertmanagerAlert())).finally(() => (answered = true));
    await atSink;
    expect(answered).toBe(false);
    accept();
    expect(await answer).toMatchObject({ status: 200 });
  });

  test('logs what was received, and no secret', async () => {
    await lab.post(alertmanagerWebhook(alertmanagerAlert()));
    await lab.post(alertmanagerWebhook(), { headers: { authorization: 'Bearer wrong-secret-of-somebody' } });
    expect(lab.logged.join('')).toContain('"environment":"prod","sender":"alertmanager"');
    expect(lab.logged.join('')).not.toMatch(new RegExp(`${TOKEN}|wrong-secret`));
  });
});

describe('a receiver with a key', () => {
  const body = JSON.stringify(grafanaWebhook(grafanaAlert()));
  const sign = (seconds: number | string, text = body, key = HMAC_KEY) =>
    createHmac('sha256', key).update(`${seconds}:${text}`).digest('hex');
  const at = Math.floor(NOW / 1_000);
  const send = (signature: string | undefined, timestamp: string | undefined, sent = body) =>
    lab.send({
      method: 'POST',
      path: '/alerts/prod',
      body: sent,
      headers: {
        'content-type': 'application/json',
        ...(signature === undefined ? {} : { 'X-Grafana-Alerting-Signature': signature }),
        ...(timestamp === undefined ? {} : { 'X-Grafana-Alerting-Signature-Timestamp': timestamp }),
      },
    });

  beforeEach(async () => {
    await lab.close();
    lab = await ReceiverLab.open({ hmacKey: HMAC_KEY });
  });

  test('takes what Grafana signed', async () => {
    expect(await send(sign(at), String(at))).toMatchObject({ status: 200, body: { signals: 1 } });
    expect(lab.sink.signals).toEqual(['p1 firing grafana:0a1b2c3d4e5f6071@http://am.example']);
  });

  test.each([-300, 300])('takes a time %i s away', async (away) => {
    expect(await send(sign(at + away), String(at + away))).toMatchObject({ status: 200 });
  });

  test.each([
    ['no signature', undefined, String(at)],
    ['no time', createHmac('sha256', HMAC_KEY).update(body).digest('hex'), undefined],
    ['an old time', sign(at - 301), String(at - 301)],
    ['a time to come', sign(at + 301), String(at + 301)],
    ['another time than the signed one', sign(at), String(at - 1)],
    ['a time that is none', sign('now'), 'now'],
    ['another key', sign(at, body, 'another key of somebody'), String(at)],
    ['an empty signature', '', String(at)],
    ['a signature of something else', sign(at, '{}'), String(at)],
  ])('refuses %s', async (_, signature, timestamp) => {
    expect(await send(signature, timestamp)).toMatchObject({ status: 401 });
    expect(lab.sink.told).toEqual([]);
  });

  test('takes no token it does not have', async () => {
    expect(await lab.post(grafanaWebhook(grafanaAlert()))).toMatchObject({ status: 401 });
  });

  test('takes either when it has both', async () => {
    await lab.close();
    lab = await ReceiverLab.open({ hmacKey: HMAC_KEY, token: TOKEN });
    expect(await send(sign(at), String(at))).toMatchObject({ status: 200 });
    expect(await lab.post(grafanaWebhook(grafanaAlert({ fingerprint: 'ff' })))).toMatchObject({
      status: 200,
      body: { signals: 1 },
    });
  });
});

describe('beside alerts', () => {
  test('GET /healthz says whether Temporal can be asked', async () => {
    expect(await lab.send({ path: '/healthz' })).toMatchObject({ status: 200, body: { message: 'ready' } });
    expect(await lab.send({ path: '/healthz', method: 'HEAD' })).toMatchObject({ status: 200 });
    lab.sink.healthy = false;
    expect(await lab.send({ path: '/healthz' })).toMatchObject({ status: 503 });
  });

  test('the end lets a request under way finish', async () => {
    let accept = () => {};
    let reached = () => {};
    const atSink = new Promise<void>((resolve) => (reached = resolve));
    lab.sink.beforeTelling = () => {
      reached();
      return new Promise<void>((resolve) => (accept = resolve));
    };
    const answer = lab.post(alertmanagerWebhook(alertmanagerAlert()));
    await atSink;
    const { port } = lab;
    const closed = lab.receiver.close(10_000);
    accept();
    expect(await answer).toMatchObject({ status: 200, body: { signals: 1 } });
    await closed;
    await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
    lab = await ReceiverLab.open();
  });
});
