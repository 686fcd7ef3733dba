import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { MetricReadings } from '../../../src/activities/metrics/metric-readings.js';
import { metricLook, type MetricPlaybook } from '../../support/metric-look.js';
import { SmallService } from '../../support/small-service.js';

/** Two instances with counters that the test turns, and a discovery. */
class Instance {
  counts: Record<string, number> = { 'route="/a",status="200"': 100 };
  fault: 'none' | 'hangs' | 'rubbish' | 'error' = 'none';
  constructor(readonly service: SmallService) {
    service.answer = (_, response) => {
      if (this.fault === 'hangs') return;
      if (this.fault === 'rubbish') return void response.end('<html>');
      if (this.fault === 'error') return void response.writeHead(503).end();
      response.end(
        `# TYPE http_requests_total counter\n${Object.entries(this.counts)
          .map(([labels, count]) => `http_requests_total{${labels}} ${count}\n`)
          .join('')}`,
      );
    };
  }
  get host(): string {
    return new URL(this.service.url).host;
  }
  ask(count: number, status = 200): void {
    const key = `route="/a",status="${status}"`;
    this.counts[key] = (this.counts[key] ?? 0) + count;
  }
}

let one: Instance;
let other: Instance;
let discovery: SmallService;
let listed: () => string;
let readings: MetricReadings;
beforeEach(async () => {
  one = new Instance(await SmallService.open());
  other = new Instance(await SmallService.open());
  discovery = await SmallService.open();
  listed = () => JSON.stringify([{ targets: [one.host, other.host], labels: { release: 'RC.2' } }]);
  discovery.answer = (_, response) => void response.end(listed());
  readings = new MetricReadings({ ONE: one.service.url, DISCOVERY: discovery.url, TOKEN: 'abc' });
});
afterEach(() => Promise.all([one.service.close(), other.service.close(), discovery.close()]));

const WHERE = { discovery: { discovery: '${DISCOVERY}/sd' }, own: {}, listed: { instances: ['${ONE}/'] } };
/** Sharing is off, unless a test is about it: each look is a scrape. */
const lookAt = (
  where: keyof typeof WHERE = 'discovery',
  { check = {}, ...more }: Partial<MetricPlaybook> = {},
  look = {},
) =>
  metricLook(
    {
      metrics: { scrape: { path: '/metrics', ...WHERE[where] }, window: '1s' },
      check: { measure: 'error-rate', guardrail: { below: '1%' }, every: '2ms', timeout: '10s', ...check },
      ...more,
    },
    look,
  );
const read = (...of: Parameters<typeof lookAt>) => readings.read(lookAt(...of));
/** Two looks far enough apart for a share of their own. */
async function twice(between: () => void, where?: keyof typeof WHERE, more?: Partial<MetricPlaybook>) {
  await read(where, more);
  between();
  await pause(10);
  return read(where, more);
}

describe('which instances', () => {
  test('those of a discovery, each with its own counters', async () => {
    const reading = await twice(() => {
      one.ask(60);
      other.ask(20);
      other.ask(20, 500);
    });
    expect(reading).toMatchObject({ kind: 'value', value: 0.2 });
  });
  test('those that are listed; with the bearer of the plan', async () => {
    const metrics = { scrape: { path: '/metrics', instances: ['${ONE}/'], bearer: '${TOKEN}' } };
    expect(await twice(() => one.ask(10), 'listed', { metrics })).toMatchObject({ kind: 'value', value: 0 });
    expect(one.service.requests[0]).toMatchObject({ url: '/metrics', authorization: 'Bearer abc' });
    expect(other.service.requests).toEqual([]);
  });
  test("the target's own address, which a stage's target always has", async () => {
    const canary = { canary: { url: other.service.url } };
    await read('discovery', canary, { target: 'canary' });
    other.ask(3, 500);
    await pause(10);
    expect(await read('discovery', canary, { target: 'canary' })).toMatchObject({
      kind: 'value',
      value: 1,
      inPart: true,
    });
    expect(one.service.requests).toEqual([]);
    expect(await twice(() => one.ask(4), 'own', { url: one.service.url })).toMatchObject({ kind: 'value', value: 0 });
  });
});

test("a discovery's own path and scheme are asked, each instance once", async () => {
  listed = () =>
    JSON.stringify([
      { targets: [one.host, one.host.toUpperCase()], labels: { __metrics_path__: '/own/metrics', __scheme__: 'http' } },
      { targets: [one.host], labels: { __metrics_path__: '/own/metrics' } },
    ]);
  await read();
  expect(one.service.requests.map(({ url }) => url)).toEqual(['/own/metrics']);
});

test("golive's own scrapes are no traffic on a discovery's own path either", async () => {
  listed = () => JSON.stringify([{ targets: [one.host], labels: { __metrics_path__: '/own/metrics?all=1' } }]);
  one.counts = { 'route="/own/metrics",status="200"': 100, 'route="/a",status="500"': 0 };
  const reading = await twice(() => {
    one.counts = { 'route="/own/metrics",status="200"': 900, 'route="/a",status="500"': 5 };
  });
  expect(reading).toMatchObject({ kind: 'value', value: 1 });
});

test('the first scrape alone says nothing', async () => {
  expect(await read()).toMatchObject({
    kind: 'none',
    text: expect.stringContaining('nothing to compare it with yet') as unknown,
  });
});

test('a timeout of which a part is no whole number is one like any other', async () => {
  expect(await twice(() => one.ask(1), 'discovery', { check: { timeout: '9999ms' } })).toMatchObject({ kind: 'value' });
});

test('until its window is covered a value is seen in part', async () => {
  expect(await twice(() => one.ask(1))).toMatchObject({ kind: 'value', inPart: true });
  await pause(1_000);
  one.ask(1);
  expect(await read()).toEqual({ kind: 'value', value: 0, text: expect.any(String) as unknown });
});

test('a restart of an instance is neither a spike nor negative', async () => {
  other.ask(500, 500);
  expect(
    await twice(() => {
      one.ask(9);
      other.counts = { 'route="/a",status="200"': 1 };
    }),
  ).toMatchObject({ kind: 'value', value: 0, text: expect.stringContaining('of 10 requests') as unknown });
});

describe('an instance that is not seen', () => {
  test('and has left the discovery drops out', async () => {
    expect(
      await twice(() => {
        one.ask(10);
        listed = () => JSON.stringify([{ targets: [one.host] }]);
      }),
    ).toMatchObject({ kind: 'value', value: 0 });
  });
  test('has left the discovery and still answers counts for a window: the list may not be whole', async () => {
    expect(
      await twice(() => {
        one.ask(10);
        other.ask(10, 500);
        listed = () => JSON.stringify([{ targets: [one.host] }]);
      }),
    ).toMatchObject({ kind: 'value', value: 0.5 });
    await pause(1_000);
    other.ask(100, 500);
    one.ask(10);
    expect(await read()).toMatchObject({ kind: 'value', value: 0 });
  });
  test('has left the discovery, and nobody is listed any more: none', async () => {
    expect(await twice(() => (listed = () => '[]'))).toMatchObject({
      kind: 'none',
      text: 'there is no instance to scrape',
    });
  });
  test('has left the discovery and ended has gone', async () => {
    expect(
      await twice(() => {
        one.ask(10);
        other.fault = 'error';
        listed = () => JSON.stringify([{ targets: [one.host] }]);
      }),
    ).toMatchObject({ kind: 'value', value: 0 });
  });
  test('because it leaves in this very moment is no fault', async () => {
    let times = 0;
    other.fault = 'error';
    listed = () => JSON.stringify([{ targets: (times += 1) === 2 || times > 3 ? [one.host] : [one.host, other.host] }]);
    expect(await twice(() => one.ask(10))).toMatchObject({ kind: 'value', value: 0 });
  });
  test.each([
    ['error', '/metrics answered 503'],
    ['rubbish', 'not a valid Prometheus sample'],
    ['hangs', 'no answer within'],
  ] as const)('%s: none that names it', async (fault, text) => {
    await read();
    one.ask(10);
    other.fault = fault;
    await pause(10);
    const reading = await read('discovery', { check: { timeout: fault === 'hangs' ? '1s' : '10s' } });
    expect(reading).toMatchObject({ kind: 'none', text: expect.stringContaining(text) as unknown });
    expect(reading).toMatchObject({ text: expect.stringContaining(other.host) as unknown });
  });
  test('what the others show can still be bad', async () => {
    expect(
      await twice(() => {
        one.ask(10, 500);
        other.fault = 'error';
      }),
    ).toMatchObject({ kind: 'value', value: 1, inPart: true });
  });
});

describe('a discovery that does not tell', () => {
  test.each<[string, () => string, string]>([
    ['rubbish', () => 'hello', 'got hello'],
    ['another shape', () => '{"targets":[]}', 'expected of the discovery of instances JSON'],
    ['nobody', () => '[]', 'there is no instance to scrape'],
    [
      'too many',
      () => JSON.stringify([{ targets: Array.from({ length: 501 }, (_, index) => `10.0.0.1:${index}`) }]),
      'at most 500',
    ],
  ])('%s', async (_, answer, text) => {
    listed = answer;
    expect(await read()).toMatchObject({ kind: 'none', text: expect.stringContaining(text) as unknown });
  });
  test('away', async () => {
    discovery.answer = (_, response) => void response.socket?.destroy();
    expect(await read()).toMatchObject({
      kind: 'none',
      text: expect.stringContaining("the discovery of instances doesn't answer") as unknown,
    });
  });
});

test('checks that look at the same time share a scrape; its outcome is told to each that still waits', async () => {
  const slow = { every: '10s', timeout: '2s' };
  const route = { measure: 'success-rate', route: '/a', guardrail: { atLeast: '99%' } };
  const looks = [
    lookAt('discovery', { check: slow }),
    lookAt('discovery', { check: { ...slow, ...route } }),
    lookAt('discovery', { check: slow }),
  ];
  await Promise.all(looks.map((look) => readings.read(look)));
  expect(one.service.requests).toHaveLength(1);
  expect(discovery.requests).toHaveLength(1);
  one.fault = 'hangs';
  await pause(1_100);
  const stop = new AbortController();
  const [brokenOff, waits] = [
    { ...lookAt('discovery', { check: slow }), signal: stop.signal },
    lookAt('discovery', { check: slow }),
  ].map((look) => readings.read(look));
  stop.abort(new Error('nobody waits'));
  await expect(brokenOff).rejects.toThrow('nobody waits');
  expect(await waits).toMatchObject({ kind: 'none', text: expect.stringContaining(one.host) as unknown });
});

test('looks that pile up before a hanging instance ask it once at a time', async () => {
  one.fault = 'hangs';
  const look = lookAt('discovery', { check: { timeout: '1s' } });
  await Promise.all(Array.from({ length: 20 }, () => readings.read(look)));
  expect(one.service.requests).toHaveLength(1);
});

test('no metrics in the plan, and a variable that is missing', async () => {
  const look = metricLook({
    metrics: { scrape: { path: '/metrics', discovery: '${NOWHERE}' } },
    check: { measure: 'p95', guardrail: { below: '1s' } },
  });
  expect(await readings.read(look)).toMatchObject({
    kind: 'none',
    text: expect.stringContaining('NOWHERE') as unknown,
  });
  expect(await readings.read({ ...look, plan: { ...look.plan, metrics: undefined } })).toMatchObject({ kind: 'none' });
});
