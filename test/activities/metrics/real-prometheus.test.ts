import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { startSandbox, type Sandbox } from '../../../sandbox/sandbox.js';
import { MetricReadings } from '../../../src/activities/metrics/metric-readings.js';
import type { Reading } from '../../../src/domain/reading.js';
import { freshDirectory } from '../../sandbox/fresh-directory.js';
import { metricLook, type MetricPlaybook } from '../../support/metric-look.js';
import { describeWith } from '../../support/monitoring.js';
import { TestPrometheus } from '../../support/prometheus.js';

const ERROR_RATE = { measure: 'error-rate', guardrail: { below: '1%' } };
const P95 = { measure: 'p95', guardrail: { below: '350ms' } };
const VIOLATIONS = { measure: 'violations', guardrail: { atMost: 0 } };
const CHECKOUT = { measure: 'success-rate', route: '/aris3/pos/checkout', method: 'POST', guardrail: { atLeast: '99.5%' } };

describeWith('prometheus', 'a real Prometheus over the sandbox', (binary) => {
  let sandbox: Sandbox;
  let prometheus: TestPrometheus;
  const readings = new MetricReadings({});
  beforeAll(async () => {
    sandbox = await startSandbox({ dir: await freshDirectory(), instances: 8, traffic: 40, warmUpMs: 500 });
    prometheus = await TestPrometheus.start(binary, { targets: { discovery: sandbox.info.discoveryUrl } });
  });
  afterAll(async () => {
    await prometheus?.stop();
    await sandbox?.stop();
  });

  const metrics = (more: object = {}) => ({ prometheus: { url: prometheus.url, selector: 'job="aris3",route!="/aris3/ops/metrics"', freshFor: '5s', ...more }, window: '4s' });
  const read = (check: object, more: Partial<MetricPlaybook> = {}, target = 'service') =>
    readings.read(metricLook({ metrics: metrics(), check, canary: { url: sandbox.info.canaryUrl, selector: 'job="aris3",release="{release}",route!="/aris3/ops/metrics"' }, ...more }, { target }));
  /** Reads again and again until it is so: Prometheus needs its scrapes, and windows have to pass. */
  async function until(take: () => Promise<Reading>, isSo: (reading: Reading) => boolean): Promise<Reading> {
    let reading: Reading | undefined;
    for (let tries = 0; tries < 200; tries += 1) {
      reading = await take();
      if (isSo(reading)) return reading;
      await pause(100);
    }
    throw new Error(`the last reading was ${JSON.stringify(reading)}`);
  }
  const isValue = (least: number, most: number) => (reading: Reading) => reading.kind === 'value' && reading.value >= least && reading.value <= most;

  test('a good release: no 5xx yet is a zero, p95 is in milliseconds, checkouts succeed, no violation', async () => {
    expect(await until(() => read(ERROR_RATE), ({ kind }) => kind === 'value')).toMatchObject({ value: 0 });
    expect(await read(P95)).toMatchObject({ kind: 'value' });
    expect(await until(() => read(P95), isValue(0.1, 349))).toBeDefined();
    expect(await read(CHECKOUT)).toMatchObject({ kind: 'value', value: 1 });
    expect(await read(VIOLATIONS)).toEqual({ kind: 'value', value: 0 });
  });

  test('a route that nobody asked for is idle, and not a success', async () => {
    expect(await read({ ...CHECKOUT, route: '/aris3/nowhere' })).toMatchObject({ kind: 'idle', text: expect.stringContaining('compare the route') as unknown });
  });

  test("the plan's own PromQL: a number, an empty answer with and without a denominator, several series, a mistake", async () => {
    const guardrail = { below: 5 };
    expect(await read({ promql: 'sum(rate(http_requests_total[4s]))', guardrail })).toMatchObject({ kind: 'value' });
    const errors = 'sum(rate(http_requests_total{status="599"}[4s]))';
    expect(await read({ promql: errors, guardrail })).toMatchObject({ kind: 'none' });
    expect(await read({ promql: errors, denominator: 'sum(rate(http_requests_total[4s]))', guardrail })).toEqual({ kind: 'value', value: 0 });
    expect(await read({ promql: errors, denominator: 'sum(rate(gone_total[4s]))', guardrail })).toMatchObject({ kind: 'none' });
    expect(await read({ promql: 'rate(http_requests_total[4s])', guardrail })).toMatchObject({ kind: 'none', text: expect.stringContaining('expected one number') as unknown });
    expect(await read({ promql: 'sum(rate(', guardrail })).toMatchObject({ kind: 'none', text: expect.stringContaining('parse error') as unknown });
    expect(await read({ promql: '1/0', guardrail })).toMatchObject({ kind: 'none', text: expect.stringContaining('+Inf') as unknown });
    expect(await read({ promql: '3', guardrail })).toEqual({ kind: 'value', value: 3 });
  });

  test('a canary of one instance in eight shows at its own selector, and thinly in the whole', async () => {
    await sandbox.offer('RC.3', [{ way: 'error-rate', share: 0.2 }]);
    await sandbox.replace(0, 'RC.3');
    const canary = await until(() => read(ERROR_RATE, {}, 'canary'), isValue(0.1, 0.3));
    expect(canary).toMatchObject({ kind: 'value' });
    const whole = await until(() => read(ERROR_RATE), isValue(0.005, 0.05));
    expect(whole).toMatchObject({ kind: 'value' });
    await sandbox.setReleaseBad('RC.3', [{ way: 'slow', addMs: 600 }]);
    await until(() => read(P95, {}, 'canary'), isValue(500, 1_000));
  });

  test('a violation counts, though its series only just appeared', async () => {
    await sandbox.setReleaseBad('RC.3', [{ way: 'stock-drift' }]);
    await until(() => read(VIOLATIONS), (reading) => reading.kind === 'value' && reading.value > 0);
    await sandbox.setReleaseBad('RC.3', []);
    await until(() => read(VIOLATIONS), isValue(0, 0));
  });

  test('a rolling restart is no spike', async () => {
    const seen: Reading[] = [];
    await Promise.all([
      (async () => {
        for (let slot = 0; slot < 8; slot += 1) await sandbox.replace(slot, 'RC.3');
      })(),
      (async () => {
        for (let look = 0; look < 40; look += 1) {
          seen.push(await read(ERROR_RATE), await read(P95));
          await pause(100);
        }
      })(),
    ]);
    const values = seen.flatMap((reading) => (reading.kind === 'value' ? [reading.value] : []));
    expect(values.length).toBeGreaterThan(0);
    expect(Math.max(...values)).toBeLessThanOrEqual(500);
    await until(() => read(P95), isValue(0.1, 349));
  });

  test('a service that vanishes is none, and never a zero: rates live on for their window', async () => {
    await sandbox.stop();
    const seen: Reading[] = [];
    await until(async () => {
      const reading = await read(ERROR_RATE);
      seen.push(reading);
      return reading;
    }, ({ kind }) => kind === 'none');
    for (const check of [ERROR_RATE, P95, CHECKOUT, VIOLATIONS]) expect(await read(check)).toMatchObject({ kind: 'none' });
    expect(await read({ promql: 'sum(rate(http_requests_total[1m]))', guardrail: { below: 5 } })).toMatchObject({ kind: 'none' });
  });

  test('a Prometheus that is gone is none, with what to see', async () => {
    await prometheus.stop();
    expect(await read(ERROR_RATE)).toMatchObject({ kind: 'none', text: expect.stringContaining('ECONNREFUSED') as unknown });
  });
});
