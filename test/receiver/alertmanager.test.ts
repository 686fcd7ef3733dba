import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Alertmanager, type PostedAlert } from '../support/alertmanager.js';
import { externalDeadline, takeAlert, type ExternalAlerts } from '../../src/domain/alerts/external-alerts.js';
import { describeWith } from '../support/monitoring.js';
import { ReceiverLab, TOKEN } from './receiver-lab.js';
import { thorough } from '../support/thorough.js';

const labels = { alertname: 'CheckoutFails', golive_trigger: 'p1', severity: 'critical' };
const started = (minutesAgo: number) => new Date(Date.now() - minutesAgo * 60_000).toISOString();

describeWith('alertmanager', 'a real Alertmanager', (binary) => {
  let lab: ReceiverLab;
  let alertmanager: Alertmanager;
  beforeEach(async () => {
    lab = await ReceiverLab.open({ token: TOKEN }, undefined, Date.now);
  });
  afterEach(async () => {
    await alertmanager.close();
    await lab.close();
  });
  const start = async (token = TOKEN) => {
    alertmanager = await Alertmanager.start(binary, { url: `http://${lab.receiver.address}/alerts/prod`, token });
  };

  test('tells of an alert that fires and is resolved, each once although it repeats', async () => {
    await start();
    // After the receiver has begun: what began before is told twice.
    const alert: PostedAlert = { labels, annotations: { value: '91 %' }, startsAt: started(0) };
    await alertmanager.post(alert, { ...alert, labels: { ...labels, golive_trigger: '', alertname: 'Disk' } });
    await lab.untilLogged('"signals":1');
    await lab.untilLogged('"signals":0'); // a repetition
    const endsAt = started(0);
    await alertmanager.post({ ...alert, endsAt });
    await lab.untilLogged('"signals":1');
    const source = expect.stringMatching(/^alertmanager:[0-9a-f]{16}@/);
    const link = expect.stringMatching(/^http:/);
    expect(lab.sink.told.map(({ alert: told }) => told)).toEqual([
      {
        trigger: 'p1',
        state: 'firing',
        since: Date.parse(alert.startsAt),
        value: '91 %',
        source,
        name: 'CheckoutFails',
        link,
      },
      {
        trigger: 'p1',
        state: 'resolved',
        since: Date.parse(endsAt),
        value: '91 %',
        source,
        name: 'CheckoutFails',
        link,
      },
    ]);
    expect(lab.sink.told[1]?.alert.source).toBe(lab.sink.told[0]?.alert.source);
  });

  thorough('that says a false end fires again, counted from when it was heard again', async () => {
    await start();
    const startsAt = started(0);
    const alert = { labels, annotations: { value: '91 %' }, startsAt };
    // It ends by itself when nobody says it any more.
    await alertmanager.post({ ...alert, endsAt: new Date(Date.now() + 1_500).toISOString() });
    const untilTold = async (state: string, count: number) => {
      while (lab.sink.told.filter(({ alert: told }) => told.state === state).length < count)
        await lab.untilLogged('"signals":1');
    };
    await untilTold('resolved', 1);
    const ended = Date.now();
    await alertmanager.post(alert);
    await untilTold('firing', 3);
    const told = lab.sink.told.map(({ alert: each }) => each);
    expect(told.map(({ state }) => state)).toEqual(['firing', 'resolved', 'firing', 'firing']);
    expect(told[2]?.since).toBe(Date.parse(startsAt));
    const due = externalDeadline(told.reduce<ExternalAlerts>(takeAlert, []), { name: 'p1', for: 120_000 });
    expect(due).toBeGreaterThanOrEqual(ended + 120_000);
    expect(due).toBeLessThanOrEqual(Date.now() + 120_000);
  });

  test('comes again after Temporal was away', async () => {
    let away = true;
    lab.sink.beforeTelling = () => {
      if (away) throw new Error('14 UNAVAILABLE');
    };
    await start();
    await alertmanager.post({ labels, startsAt: started(3) });
    await lab.untilLogged('asked to send them again');
    expect(lab.sink.told).toEqual([]);
    away = false;
    await lab.untilLogged('"signals":1');
    expect(lab.sink.signals).toEqual([expect.stringContaining('p1 firing alertmanager:')]);
  });

  test('with another token tells nothing', async () => {
    await start('not-the-token-of-the-receiver');
    await alertmanager.post({ labels, startsAt: started(3) });
    await lab.untilLogged('"status":401');
    expect(lab.sink.told).toEqual([]);
  });
});
