import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { request as httpRequest } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { startSandbox, type Sandbox } from '../../../sandbox/sandbox.js';
import { MetricReadings } from '../../../src/activities/metrics/metric-readings.js';
import type { Reading } from '../../../src/domain/watching/reading.js';
import { freshDirectory } from '../../sandbox/fresh-directory.js';
import { metricLook, type MetricPlaybook } from '../../support/metric-look.js';
import { describeWith } from '../../support/monitoring.js';
import { SmallService } from '../../support/small-service.js';
import { TestPrometheus } from '../../support/prometheus.js';

const ERROR_RATE = { measure: 'error-rate', guardrail: { below: '1%' } };
const P95 = { measure: 'p95', guardrail: { below: '350ms' } };
const VIOLATIONS = { measure: 'violations', guardrail: { atMost: 0 } };
const CHECKOUT = {
  measure: 'success-rate',
  route: '/aris3/pos/checkout',
  method: 'POST',
  guardrail: { atLeast: '99.5%' },
};

describeWith('prometheus', 'a real Prometheus over the sandbox', (binary) => {
  let sandbox: Sandbox;
  let prometheus: TestPrometheus;
  let front: SmallService | undefined;
  const readings = new MetricReadings({});
  beforeAll(async () => {
    sandbox = await startSandbox({ dir: await freshDirectory(), instances: 8, traffic: 40, warmUpMs: 500 });
    prometheus = await TestPrometheus.start(binary, { targets: { discovery: sandbox.info.discoveryUrl } });
  });
  afterAll(async () => {
    await prometheus?.stop();
    await sandbox?.stop();
  });

  afterEach(async () => {
    await front?.close();
    front = undefined;
  });

  const metrics = (more: object = {}) => ({
    prometheus: { url: prometheus.url, selector: 'job="aris3",route!="/aris3/ops/metrics"', freshFor: '5s', ...more },
    window: '4s',
  });
  const read = (check: object, more: Partial<MetricPlaybook> = {}, target = 'service') =>
    readings.read(
      metricLook(
        {
          metrics: metrics(),
          check,
          canary: {
            url: sandbox.info.canaryUrl,
            selector: 'job="aris3",release="{release}",route!="/aris3/ops/metrics"',
          },
          ...more,
        },
        { target },
      ),
    );
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
  const isValue = (least: number, most: number) => (reading: Reading) =>
    reading.kind === 'value' && reading.value >= least && reading.value <= most;

  test('a good release: no 5xx yet is a zero, p95 is in milliseconds, checkouts succeed, no violation', async () => {
    expect(
      await until(
        () => read(ERROR_RATE),
        ({ kind }) => kind === 'value',
      ),
    ).toMatchObject({ value: 0 });
    expect(await read(P95)).toMatchObject({ kind: 'value' });
    expect(await until(() => read(P95), isValue(0.1, 349))).toBeDefined();
    expect(await until(() => read(CHECKOUT), isValue(1, 1))).toBeDefined();
    expect(await read(VIOLATIONS)).toEqual({ kind: 'value', value: 0 });
  });

  test('a route that nobody asked for is idle, and not a success', async () => {
    expect(await read({ ...CHECKOUT, route: '/aris3/nowhere' })).toMatchObject({
      kind: 'idle',
      text: expect.stringContaining('compare the route') as unknown,
    });
  });

  test("the plan's own PromQL: a number, an empty answer with and without a denominator, several series, a mistake", async () => {
    const guardrail = { below: 5 };
    expect(await read({ promql: 'sum(rate(http_requests_total[4s]))', guardrail })).toMatchObject({ kind: 'value' });
    const errors = 'sum(rate(http_requests_total{status="599"}[4s]))';
    expect(await read({ promql: errors, guardrail })).toMatchObject({ kind: 'none' });
    expect(await read({ promql: errors, denominator: 'sum(rate(http_requests_total[4s]))', guardrail })).toEqual({
      kind: 'value',
      value: 0,
    });
    expect(await read({ promql: errors, denominator: 'sum(rate(gone_total[4s]))', guardrail })).toMatchObject({
      kind: 'none',
    });
    expect(await read({ promql: 'rate(http_requests_total[4s])', guardrail })).toMatchObject({
      kind: 'none',
      text: expect.stringContaining('expected one number') as unknown,
    });
    expect(await read({ promql: 'sum(rate(', guardrail })).toMatchObject({
      kind: 'none',
      text: expect.stringContaining('parse error') as unknown,
    });
    expect(await read({ promql: '1/0', guardrail })).toMatchObject({
      kind: 'none',
      text: expect.stringContaining('+Inf') as unknown,
    });
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
    await until(
      () => read(VIOLATIONS),
      (reading) => reading.kind === 'value' && reading.value > 0,
    );
    await sandbox.setReleaseBad('RC.3', []);
    await until(() => read(VIOLATIONS), isValue(0, 0));
  });

  test.each([
    ['bearer', 'Bearer abc'],
    ['basic', `Basic ${Buffer.from('golive:abc').toString('base64')}`],
  ])('behind a front that wants %s', async (kind, wanted) => {
    front = await SmallService.open();
    front.answer = (request, response) => {
      if (request.headers.authorization !== wanted) return void response.writeHead(401).end();
      request.pipe(
        httpRequest(
          `${prometheus.url}${request.url}`,
          { method: request.method ?? 'GET', headers: request.headers },
          (answer) => answer.pipe(response.writeHead(answer.statusCode ?? 500, answer.headers)),
        ),
      );
    };
    const settings = (password: string) => ({
      url: front?.url ?? '',
      ...(kind === 'bearer' ? { bearer: password } : { basic: { username: 'golive', password } }),
    });
    expect(await read(ERROR_RATE, { metrics: metrics(settings('abc')) })).toMatchObject({ kind: 'value' });
    expect(await read(ERROR_RATE, { metrics: metrics(settings('wrong')) })).toMatchObject({
      kind: 'none',
      text: expect.stringContaining('refused the credentials (401)') as unknown,
    });
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
    const checks = [
      ERROR_RATE,
      P95,
      CHECKOUT,
      VIOLATIONS,
      { promql: 'sum(rate(http_requests_total[1m]))', guardrail: { below: 5 } },
    ];
    const isNone = ({ kind }: Reading) => kind === 'none';
    // On a busy machine its instances go one after another: what is left may still breach by itself until the last one is gone.
    for (const check of checks) await until(() => read(check), isNone);
    for (const check of checks) expect(await read(check)).toMatchObject({ kind: 'none' });
  });

  test('a Prometheus that is gone is none, with what to see', async () => {
    await prometheus.stop();
    expect(await read(ERROR_RATE)).toMatchObject({
      kind: 'none',
      text: expect.stringContaining('ECONNREFUSED') as unknown,
    });
  });
});

describeWith('prometheus', 'a real Prometheus over endpoints that a test turns', (binary) => {
  const readings = new MetricReadings({});
  const services: SmallService[] = [];
  let prometheus: TestPrometheus | undefined;
  afterEach(async () => {
    await prometheus?.stop();
    await Promise.all(services.splice(0).map((service) => service.close()));
  });
  async function endpoint(text: () => string | undefined): Promise<SmallService> {
    const service = await SmallService.open();
    service.answer = (_, response) => {
      const body = text();
      if (body === undefined) response.writeHead(503).end();
      else response.end(body);
    };
    services.push(service);
    return service;
  }
  const look = (check: object, freshFor = '2s') =>
    readings.read(
      metricLook({
        metrics: { prometheus: { url: prometheus?.url ?? '', selector: 'job="aris3"', freshFor }, window: '1s' },
        check,
      }),
    );
  async function until(check: object, isSo: (reading: Reading) => boolean): Promise<Reading> {
    for (let tries = 0; tries < 200; tries += 1) {
      const reading = await look(check);
      if (isSo(reading)) return reading;
      await pause(50);
    }
    throw new Error(`the last reading was ${JSON.stringify(await look(check))}`);
  }
  const host = ({ url }: SmallService) => new URL(url).host;

  test('a violation whose series appears once, at 1, is seen; one from before Prometheus looked is not taken for new', async () => {
    let violations = 'invariants_violation_total{check_id="old"} 7\n';
    const service = await endpoint(() => `http_requests_total{status="200"} 5\n${violations}`);
    prometheus = await TestPrometheus.start(binary, { targets: [host(service)], interval: '250ms' });
    const before: Reading[] = [];
    for (let looks = 0; looks < 40; looks += 1) {
      before.push(await look(VIOLATIONS));
      await pause(100);
    }
    expect(before.filter((reading) => reading.kind === 'value' && reading.value > 0)).toEqual([]);
    violations += 'invariants_violation_total{check_id="new"} 1\n';
    expect(await until(VIOLATIONS, (reading) => reading.kind === 'value' && reading.value > 0)).toMatchObject({
      value: 1,
    });
    await until(VIOLATIONS, (reading) => reading.kind === 'value' && reading.value === 0);
  });

  test('one of two targets that is not scraped: none while the other is well, bad when that is bad', async () => {
    let requests = 0;
    let errors = 0;
    let down = false;
    const text = () =>
      `http_requests_total{status="200",route="/a"} ${(requests += 10)}\nhttp_requests_total{status="500",route="/a"} ${errors}\n`;
    const well = await endpoint(text);
    const away = await endpoint(() => (down ? undefined : text()));
    prometheus = await TestPrometheus.start(binary, { targets: [host(well), host(away)], interval: '250ms' });
    await until(ERROR_RATE, ({ kind }) => kind === 'value');
    down = true;
    await until(
      ERROR_RATE,
      (reading) => reading.kind === 'none' && reading.text.includes('could not scrape 1 of the targets'),
    );
    const erring = setInterval(() => (errors += 5), 100);
    expect(await until(ERROR_RATE, (reading) => reading.kind === 'value')).toMatchObject({ inPart: true });
    clearInterval(erring);
  });
});
