import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { follow, type CounterHistory } from '../../../src/domain/metrics/counter-history.js';
import { readExposition } from '../../../src/domain/metrics/exposition.js';
import { fleetReading, type InstanceSight } from '../../../src/domain/metrics/fleet-reading.js';
import { countersOf, hasMetric, startedAt } from '../../../src/domain/metrics/tally.js';
import type { Reading } from '../../../src/domain/reading.js';
import { metricLook } from '../../support/metric-look.js';

const WINDOW = 60_000;
const SCRAPE = { scrape: { path: '/metrics' }, window: '1m' };
const ERROR_RATE = { measure: 'error-rate', guardrail: { below: '1%' } };
const P95 = { measure: 'p95', guardrail: { below: '350ms' } };
const CHECKOUT = {
  measure: 'success-rate',
  route: '/aris3/pos/checkout',
  method: 'POST',
  guardrail: { atLeast: '99.5%' },
  mayBeIdle: true,
};
const VIOLATIONS = { measure: 'violations', guardrail: { atMost: 0 } };
const TYPES =
  '# TYPE http_requests_total counter\n# TYPE http_request_duration_ms histogram\n# TYPE invariants_violation_total counter\n';

const requests = (route: string, status: number, count: number, method = 'GET') =>
  `http_requests_total{method="${method}",route="${route}",status="${status}"} ${count}\n`;
const bucket = (le: string, count: number, route = '/aris3/stock') =>
  `http_request_duration_ms_bucket{le="${le}",route="${route}",status="200"} ${count}\n`;

function namesOf(written: object) {
  const { metrics } = metricLook({ metrics: written, check: ERROR_RATE }).plan;
  if (!metrics) throw new Error('expected metrics');
  return metrics.names;
}

const NOT_TRAFFIC = ['/health', '/ready', '/metrics'];
/** What is seen of an instance that answers with these, so many seconds apart; the first long after its start. */
function instance(texts: readonly string[], secondsApart = 60): InstanceSight {
  let history: CounterHistory | undefined;
  let last = readExposition('');
  for (const [index, text] of texts.entries()) {
    last = readExposition(TYPES + text);
    const at = index * secondsApart * 1_000;
    history = follow(
      history,
      { at, wallAt: 1e12 + at, counters: countersOf(last, namesOf(SCRAPE), NOT_TRAFFIC), startedAt: startedAt(last) },
      WINDOW,
    );
  }
  if (!history) throw new Error('expected at least one answer');
  return { instance: '10.0.0.7:8000', history, has: (metric) => hasMetric(last, metric) };
}

function read(
  check: object,
  sights: readonly InstanceSight[],
  { metrics = SCRAPE, triggers = [] }: { metrics?: object; triggers?: object[] } = {},
): Reading {
  const look = metricLook({ metrics, check, triggers });
  const { source } = look.check;
  if (!('measure' in source) || !look.plan.metrics) throw new Error('expected a ready-made measure');
  return fleetReading({ ...look.check, source }, sights, {
    metrics: look.plan.metrics,
    notTraffic: NOT_TRAFFIC,
    triggers: look.plan.triggers,
  });
}

describe('error rate', () => {
  test('the share of 5xx of all that was asked', () => {
    expect(
      read(ERROR_RATE, [
        instance([requests('/a', 200, 10) + requests('/a', 500, 1), requests('/a', 200, 88) + requests('/a', 500, 3)]),
      ]),
    ).toEqual({ kind: 'value', value: 0.025, text: 'of 80 requests' });
  });
  test('over all instances together, each with its own counters', () => {
    const good = instance([requests('/a', 200, 1_000), requests('/a', 200, 1_080)]);
    const bad = instance([requests('/a', 500, 0), requests('/a', 500, 20)]);
    expect(read(ERROR_RATE, [good, bad])).toMatchObject({ value: 0.2 });
  });
  test('no 5xx yet is a zero, no traffic is idle', () => {
    expect(read(ERROR_RATE, [instance([requests('/a', 200, 1), requests('/a', 200, 2)])])).toMatchObject({
      kind: 'value',
      value: 0,
      text: 'of 1 request',
    });
    expect(read(ERROR_RATE, [instance([requests('/a', 200, 2), requests('/a', 200, 2)])])).toEqual({
      kind: 'idle',
      text: 'no requests in the last 1m',
    });
    expect(read(ERROR_RATE, [instance(['', ''])])).toMatchObject({ kind: 'idle' });
  });
  test("golive's own looks are no traffic: probes alone don't make a service look well", () => {
    expect(read(ERROR_RATE, [instance([requests('/health', 200, 1), requests('/health', 200, 500)])])).toMatchObject({
      kind: 'idle',
    });
    expect(
      read(ERROR_RATE, [instance([requests('/a', 500, 0), requests('/a', 500, 4) + requests('/health', 200, 5_000)])]),
    ).toMatchObject({ value: 1 });
  });
  test('a restart is no spike', () => {
    const texts = [requests('/a', 200, 5_000) + requests('/a', 500, 400), requests('/a', 200, 100)];
    expect(read(ERROR_RATE, [instance(texts)])).toMatchObject({ value: 0, text: 'of 100 requests' });
  });
});

describe('success rate of a route', () => {
  test("everything but a 5xx is a success of the service; other routes and methods don't count", () => {
    const after =
      requests('/aris3/pos/checkout', 200, 90, 'POST') +
      requests('/aris3/pos/checkout', 409, 6, 'POST') +
      requests('/aris3/pos/checkout', 503, 4, 'POST') +
      requests('/aris3/pos/checkout', 500, 50) +
      requests('/a', 500, 50);
    expect(read(CHECKOUT, [instance(['', after])])).toEqual({ kind: 'value', value: 0.96, text: 'of 100 requests' });
  });
  test('without requests it is idle', () => {
    expect(read(CHECKOUT, [instance([requests('/a', 200, 1), requests('/a', 200, 9)])])).toMatchObject({
      kind: 'idle',
      text: expect.stringContaining('no requests of POST /aris3/pos/checkout yet') as unknown,
    });
  });
});

describe('p95', () => {
  const counts = (first: number, second: number, all: number) =>
    bucket('100.0', first) + bucket('500.0', second) + bucket('+Inf', all);
  test('over what was added to the buckets of all instances, in milliseconds', () => {
    const one = instance([counts(1_000, 1_000, 1_000), counts(1_090, 1_100, 1_100)]);
    expect(read(P95, [one])).toEqual({ kind: 'value', value: 300, text: 'of 100 requests' });
    expect(read(P95, [one, one])).toMatchObject({ value: 300, text: 'of 200 requests' });
  });
  test('in seconds, where the histogram is', () => {
    const names = { duration: 'd_seconds', durationUnit: 's' };
    const text = (count: number) =>
      ['0.1', '0.5', '+Inf'].map((le) => `d_seconds_bucket{le="${le}"} ${le === '0.1' ? 0 : count}\n`).join('');
    const texts = [text(0), text(10)].map(readExposition);
    let history: CounterHistory | undefined;
    for (const [index, exposition] of texts.entries())
      history = follow(
        history,
        { at: index * WINDOW, wallAt: 0, counters: countersOf(exposition, namesOf({ ...SCRAPE, names }), []) },
        WINDOW,
      );
    if (!history) throw new Error('expected two scrapes');
    expect(
      read(P95, [{ instance: 'a', history, has: (metric) => hasMetric(texts[1] ?? readExposition(''), metric) }], {
        metrics: { ...SCRAPE, names },
      }),
    ).toMatchObject({ kind: 'value', value: expect.closeTo(480) as unknown });
  });
  test('without traffic idle, with useless buckets none', () => {
    expect(read(P95, [instance([counts(1, 1, 1), counts(1, 1, 1)])])).toMatchObject({ kind: 'idle' });
    expect(read(P95, [instance([bucket('+Inf', 1), bucket('+Inf', 9)])])).toMatchObject({
      kind: 'none',
      text: expect.stringContaining('metrics.names.duration') as unknown,
    });
  });
});

test('violations: the first one counts', () => {
  const violation = 'invariants_violation_total{check_id="x"} 1\n';
  expect(read(VIOLATIONS, [instance(['', ''])])).toEqual({ kind: 'value', value: 0 });
  expect(read(VIOLATIONS, [instance(['', violation])])).toEqual({ kind: 'value', value: 1 });
  expect(read(VIOLATIONS, [instance([violation, violation])])).toEqual({ kind: 'value', value: 0 });
});

describe('what was not seen', () => {
  const fine = instance([requests('/a', 200, 1), requests('/a', 200, 101)]);
  const failing = instance([requests('/a', 200, 1), requests('/a', 200, 91) + requests('/a', 500, 10)]);
  const gone: InstanceSight = { instance: '10.0.0.8:8000', fault: 'ECONNREFUSED' };

  test('an instance that cannot be scraped: well elsewhere is none, bad elsewhere is bad', () => {
    expect(read(ERROR_RATE, [fine, gone])).toEqual({
      kind: 'none',
      text: "10.0.0.8:8000 can't be scraped: ECONNREFUSED; the rest is inside the guardrail",
    });
    expect(read(ERROR_RATE, [failing, gone])).toMatchObject({ kind: 'value', value: 0.1, inPart: true });
    expect(read(ERROR_RATE, [gone, gone, gone])).toEqual({
      kind: 'none',
      text: "10.0.0.8:8000 can't be scraped: ECONNREFUSED, and 2 more of 3 instances",
    });
  });
  test('a trigger inside the guardrail is bad as well', () => {
    const triggers = [{ name: 't', check: 'metric', atLeast: '5%', for: '10m', action: 'rollback' }];
    const check = { ...ERROR_RATE, guardrail: { below: '50%' } };
    expect(read(check, [failing, gone])).toMatchObject({ kind: 'none' });
    expect(read(check, [failing, gone], { triggers })).toMatchObject({ kind: 'value', inPart: true });
  });
  test('the first scrape alone; no instance at all; no such metric', () => {
    expect(read(ERROR_RATE, [instance([requests('/a', 200, 1)])])).toMatchObject({
      kind: 'none',
      text: expect.stringContaining('nothing to compare it with yet') as unknown,
    });
    expect(read(ERROR_RATE, [])).toMatchObject({ kind: 'none', text: 'there is no instance to scrape' });
    expect(read(ERROR_RATE, [{ ...fine, has: () => false }])).toMatchObject({
      kind: 'none',
      text: expect.stringContaining('has no metric http_requests_total') as unknown,
    });
  });
  test('a window that is not yet covered, by one instance or all, is seen in part', () => {
    const young = instance([requests('/a', 200, 1), requests('/a', 200, 11)], 12);
    expect(read(ERROR_RATE, [fine, young])).toEqual({
      kind: 'value',
      value: 0,
      inPart: true,
      text: 'of 110 requests, in the last 12s, not yet 1m',
    });
    expect(read(ERROR_RATE, [fine, instance([requests('/a', 200, 1)])])).toMatchObject({
      kind: 'value',
      inPart: true,
      text: 'of 100 requests, 1 of 2 instances scraped only once yet',
    });
  });
  test('a window that nobody looked into is diluted, and seen in part', () => {
    expect(read(ERROR_RATE, [instance([requests('/a', 200, 1), requests('/a', 200, 11)], 120)])).toMatchObject({
      inPart: true,
      text: 'of 10 requests, in 2m: nobody looked in between',
    });
  });
  test('what was scraped long ago, by an earlier go-live, is nothing to compare a rate with; a violation counts whenever it came', () => {
    expect(read(ERROR_RATE, [instance([requests('/a', 200, 1), requests('/a', 200, 11)], 3_600)])).toMatchObject({
      kind: 'none',
      text: expect.stringContaining('nothing to compare it with yet') as unknown,
    });
    expect(
      read(ERROR_RATE, [instance([requests('/a', 200, 1), requests('/a', 200, 11), requests('/a', 200, 12)], 3_600)]),
    ).toMatchObject({ kind: 'none' });
  });
  test('several processes behind one address', () => {
    const counts = [500, 90, 510, 95, 520, 99, 530, 105, 540, 110].map((count) => requests('/a', 200, count));
    expect(read(ERROR_RATE, [instance(counts, 5)])).toMatchObject({
      kind: 'none',
      text: expect.stringContaining('several processes behind one address') as unknown,
    });
    const started = (seconds: number, count: number) =>
      `process_start_time_seconds ${seconds}\n${requests('/a', 200, count)}`;
    expect(read(ERROR_RATE, [instance([started(2_000, 1), started(1_000, 5)])])).toMatchObject({
      kind: 'none',
      text: expect.stringContaining('several processes') as unknown,
    });
  });
});

test('a real ARIS3 asked twice', () => {
  const exposition = readExposition(readFileSync('test/fixtures/aris3-metrics.txt', 'utf8'));
  const counters = countersOf(exposition, namesOf(SCRAPE), NOT_TRAFFIC);
  const began = startedAt(exposition) ?? 0;
  // Its oldest counter is as old as the process: everything happened inside the window.
  const history = follow(undefined, { at: 0, wallAt: began + 5_000, counters, startedAt: began }, WINDOW);
  const sight: InstanceSight = { instance: 'a', history, has: (metric) => hasMetric(exposition, metric) };
  expect(read(ERROR_RATE, [sight])).toEqual({ kind: 'value', value: 0, text: 'of 6 requests' });
  expect(read(P95, [sight])).toMatchObject({ kind: 'value', text: 'of 6 requests' });
  expect(read(VIOLATIONS, [sight])).toEqual({ kind: 'value', value: 0 });
});
