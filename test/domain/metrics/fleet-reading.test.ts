import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { follow, type CounterHistory } from '../../../src/domain/metrics/counter-history.js';
import { readExposition } from '../../../src/domain/metrics/exposition.js';
import { beyondBuckets } from '../../../src/domain/metrics/made-of.js';
import type { MadeOf } from '../../../src/domain/metrics/measured.js';
import { fleetReading, type InstanceSight } from '../../../src/domain/metrics/fleet-reading.js';
import { countersOf, hasMetric, isSummary, startedAt } from '../../../src/domain/metrics/tally.js';
import { breaches, readingText, standingOf, type Reading } from '../../../src/domain/watching/reading.js';
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
    last = readExposition((text.includes('# TYPE') ? '' : TYPES) + text);
    const at = index * secondsApart * 1_000;
    history = follow(
      history,
      {
        at,
        wallAt: 1.8e12 + at,
        counters: countersOf(last, namesOf(SCRAPE), NOT_TRAFFIC),
        startedAt: startedAt(last),
      },
      WINDOW,
    );
  }
  if (!history) throw new Error('expected at least one answer');
  return {
    instance: '10.0.0.7:8000',
    history,
    has: (metric) => hasMetric(last, metric),
    summary: isSummary(last, 'http_request_duration_ms'),
  };
}

function read(
  check: object,
  sights: readonly InstanceSight[],
  {
    metrics = SCRAPE,
    triggers = [],
    ...more
  }: { metrics?: object; triggers?: object[]; before?: MadeOf; notes?: true } = {},
): Reading {
  const look = metricLook({ metrics, check, triggers });
  const { source } = look.check;
  if (!('measure' in source) || !look.plan.metrics) throw new Error('expected a ready-made measure');
  return fleetReading({ ...look.check, source }, sights, {
    metrics: look.plan.metrics,
    notTraffic: NOT_TRAFFIC,
    triggers: look.plan.triggers,
    ofService: true,
    ...more,
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

describe('a bound of a bucket that is no number: none that names it', () => {
  const of = (le: string, count: number) =>
    bucket(le, 0.96 * count) + bucket('1000', count) + bucket('+Inf', count) + requests('/a', 200, count);
  test.each([['2,5'], [''], ['fast'], ['-Inf']])('%s', (le) => {
    const text = `10.0.0.7:8000 has a bucket of http_request_duration_ms with ${le ? `le="${le}"` : 'no le'}`;
    expect(read(P95, [instance([of(le, 0), of(le, 100)])])).toMatchObject({
      kind: 'none',
      text: expect.stringContaining(text) as unknown,
    });
    expect(read(ERROR_RATE, [instance([of(le, 0), of(le, 100)])])).toMatchObject({ kind: 'value' });
  });
  test('+Inf as Prometheus takes it', () => {
    for (const inf of ['+Inf', 'Inf', 'Infinity', '+inf'])
      expect(read(P95, [instance(['', bucket('100', 50) + bucket('200', 100) + bucket(inf, 100)])])).toMatchObject({
        kind: 'value',
        value: 190,
      });
  });
});

test('violations: the first one counts', () => {
  const violation = 'invariants_violation_total{check_id="x"} 1\n';
  expect(read(VIOLATIONS, [instance(['', ''])])).toEqual({ kind: 'value', value: 0 });
  expect(read(VIOLATIONS, [instance(['', violation])])).toEqual({ kind: 'value', value: 1 });
  expect(read(VIOLATIONS, [instance([violation, violation])])).toEqual({ kind: 'value', value: 0 });
});

// Promise 3: nobody can tell errors from successes there.
describe('a status that says nothing', () => {
  const labelled = (label: string, value: string, count: number, route = '/a') =>
    `http_requests_total{method="GET",route="${route}",${label}="${value}"} ${count}\n`;
  const blind = { kind: 'none', text: expect.stringContaining('in the label "status"') as unknown };
  test.each([
    ['the label has another name', (count: number) => labelled('status_code', '200', count)],
    ['the label is not there', (count: number) => `http_requests_total{route="/a"} ${count}\n`],
    ['it is empty', (count: number) => labelled('status', '', count)],
    ['it holds words', (count: number) => labelled('status', 'success', count)],
    ['it holds something like a code', (count: number) => labelled('status', '5', count)],
    ['it holds a code of another kind', (count: number) => labelled('status', '14', count)],
  ])('%s: blind, and the label is named', (_, text) => {
    expect(read(ERROR_RATE, [instance([text(0), text(100)])])).toMatchObject(blind);
    expect(read({ ...CHECKOUT, route: '/a', method: undefined }, [instance([text(0), text(100)])])).toMatchObject(
      blind,
    );
  });
  test('on one instance of many', () => {
    const well = instance([requests('/a', 200, 0), requests('/a', 200, 100)]);
    const odd = instance([labelled('code', '200', 0), labelled('code', '200', 100)]);
    expect(read(ERROR_RATE, [well, odd])).toMatchObject(blind);
  });
  test('so few that all of them may be errors: well', () => {
    const odd = labelled('status', '', 3);
    expect(read(ERROR_RATE, [instance(['', requests('/a', 200, 997) + odd])])).toEqual({
      kind: 'value',
      value: 0.003,
      text: 'of 1000 requests, 3 of 1000 requests have no status code in the label "status"',
    });
  });
  test('beside so many errors that it is bad whatever they are: bad', () => {
    const odd = labelled('status', '', 50);
    expect(read(ERROR_RATE, [instance(['', requests('/a', 500, 20) + odd])])).toMatchObject({
      kind: 'value',
      value: 20 / 70,
      inPart: true,
    });
  });
  test('classes of codes are codes', () => {
    const text = labelled('status', '2xx', 90) + labelled('status', '5XX', 10);
    expect(read(ERROR_RATE, [instance(['', text])])).toMatchObject({ kind: 'value', value: 0.1 });
  });
});

describe('what is there no more', () => {
  const whole = (count: number) => requests('/aris3/stock', 200, count);
  test('a route whose series goes while its process lives on: not idle', () => {
    const texts = [
      whole(0) + requests('/aris3/pos/checkout', 200, 20, 'POST'),
      whole(4_000) + requests('/pos/checkout', 500, 40, 'POST'),
      whole(8_000) + requests('/pos/checkout', 500, 80, 'POST'),
    ];
    expect(read(CHECKOUT, [instance(texts)])).toEqual({
      kind: 'none',
      text: '10.0.0.7:8000 has lost series of http_requests_total for POST /aris3/pos/checkout while its process lives on: compare metrics.names and the check with its names and labels',
    });
  });
  test('one that nobody asks at night is idle, also after a restart', () => {
    const night = (count: number) => whole(count) + requests('/aris3/pos/checkout', 200, 20, 'POST');
    expect(read(CHECKOUT, [instance([night(4_000), night(4_100)])])).toMatchObject({ kind: 'idle' });
    expect(read(CHECKOUT, [instance([night(4_000), whole(100), whole(200)])])).toMatchObject({ kind: 'idle' });
  });
  test('another process at the same address has lost nothing, whether it has counted anything yet or not', () => {
    const old = whole(4_000) + requests('/a', 200, 70) + `process_start_time_seconds 1800000000\n`;
    const fresh = (count: number, began = '') => requests('/aris3/stock', 201, count) + began;
    for (const next of [
      ['', fresh(5), fresh(60)],
      [fresh(5), fresh(60)],
      [
        '',
        `${whole(4_100)}process_start_time_seconds 1800000110\n`,
        `${whole(4_200)}process_start_time_seconds 1800000110\n`,
      ],
    ])
      expect(read(ERROR_RATE, [instance([old, ...next])])).toMatchObject({ kind: 'value', value: 0 });
  });
  test('a summary in the place of a histogram, whether it says so or not', () => {
    const summary = (count: number) =>
      `http_request_duration_ms{quantile="0.95"} 9000\nhttp_request_duration_ms_count ${count}\n`;
    const said = (count: number) => `# TYPE http_request_duration_ms summary\n${whole(count)}${summary(count)}`;
    for (const text of [said, (count: number) => whole(count) + summary(count)])
      expect(read(P95, [instance([text(0), text(50)])])).toMatchObject({
        kind: 'none',
        text: expect.stringContaining('as a summary') as unknown,
      });
  });
  test('a histogram that counts nothing, or has no +Inf bucket, while there are requests', () => {
    expect(read(P95, [instance([whole(0) + bucket('+Inf', 7), whole(50) + bucket('+Inf', 7)])])).toMatchObject({
      kind: 'none',
      text: expect.stringContaining('there are 50 requests, and nothing of them in the histogram') as unknown,
    });
    const cut = (count: number) => whole(count) + bucket('100', count / 2) + bucket('500', count);
    expect(read(P95, [instance([cut(0), cut(50)])])).toMatchObject({
      kind: 'none',
      text: expect.stringContaining('no +Inf bucket') as unknown,
    });
  });
});

test('what an earlier process at this address has left is no zero', () => {
  const whole = (count: number) => requests('/aris3/stock', 200, count);
  const full = (count: number) =>
    `process_start_time_seconds 1700000000\n${whole(count)}${bucket('100', 0)}${bucket('+Inf', count)}`;
  const cut = (count: number) => `process_start_time_seconds 1800000060\n${whole(count)}${bucket('100', count)}`;
  expect(read(P95, [instance([full(100), cut(10), cut(60), cut(90)])])).toMatchObject({
    kind: 'none',
    text: expect.stringContaining('no +Inf bucket') as unknown,
  });
});

describe('buckets that are not the same everywhere', () => {
  const of = (bounds: Readonly<Record<string, number>>, began = '') => {
    const text = (share: number) =>
      requests('/a', 200, (bounds['+Inf'] ?? 100) * share) +
      Object.entries(bounds)
        .map(([le, count]) => bucket(le, count * share))
        .join('') +
      began;
    return { ...instance([text(0), text(1)]), instance: `with ${Object.keys(bounds).join(' ')}` };
  };
  const old = of({ 100: 500, 250: 880, 500: 898, 1000: 900, '+Inf': 900 });
  test.each<[string, Readonly<Record<string, number>>]>([
    ['finer, and ending earlier', { 5: 20, 10: 50, 25: 90, 50: 100, '+Inf': 100 }],
    ['coarser', { 100: 60, 500: 100, '+Inf': 100 }],
    ['in seconds', { '0.1': 60, '0.5': 95, 1: 99, 10: 100, '+Inf': 100 }],
    ['without +Inf', { 100: 50, 250: 90, 500: 99, 1000: 100 }],
  ])('%s on one instance: none, and it is named', (_, bounds) => {
    expect(read(P95, [old, old, of(bounds)])).toEqual({
      kind: 'none',
      text: `with ${Object.keys(bounds).join(' ')} has other buckets of http_request_duration_ms than with 100 250 500 1000 +Inf: nobody can add them up`,
    });
  });
  test('spelled otherwise, or where nothing was counted: no matter', () => {
    expect(read(P95, [old, of({ '100.0': 50, '250.0': 98, '5e2': 100, '1000.0': 100, Inf: 100 })])).toMatchObject({
      kind: 'value',
    });
    expect(read(P95, [old, of({ 7: 0, '+Inf': 0 })])).toMatchObject({ kind: 'value' });
    expect(read(ERROR_RATE, [old, of({ 7: 50, '+Inf': 100 })])).toMatchObject({ kind: 'value' });
  });
  test('since a restart within the window: none until the window has passed', () => {
    const text = (le: string, count: number, began: number) =>
      `process_start_time_seconds ${began}\n${bucket(le, count)}${bucket('+Inf', count)}`;
    const looks = [text('100', 0, 1.7e9), text('100', 90, 1.7e9), text('50', 10, 1.8e9 + 50)];
    const next = [...looks, text('50', 20, 1.8e9 + 50), text('50', 30, 1.8e9 + 50), text('50', 40, 1.8e9 + 50)];
    expect(read(P95, [instance(looks, 30)])).toMatchObject({
      kind: 'none',
      text: expect.stringContaining('has had other buckets of http_request_duration_ms within the window') as unknown,
    });
    expect(read(P95, [instance(next, 30)])).toMatchObject({ kind: 'value' });
  });
});

// Playbook §4 asks for rates of routes; promise 3: what was there before the deploy and is gone is unknown.
describe('what the preflight saw it made of', () => {
  const noted = (check: object, texts: readonly string[]): MadeOf => {
    const reading = read(check, [instance(texts)], { notes: true });
    if (!('madeOf' in reading) || !reading.madeOf) throw new Error(`expected notes, got ${JSON.stringify(reading)}`);
    return reading.madeOf;
  };
  const stock = (count: number) => requests('/aris3/stock', 200, count);
  const checkout = (count: number, route = '/aris3/pos/checkout') => requests(route, 200, count, 'POST');
  test('the share of a route, whether routes are labelled, how many instances, the last bucket', () => {
    expect(noted(CHECKOUT, [stock(0) + checkout(0), stock(900) + checkout(100)])).toEqual({
      requests: 100,
      whole: 1_000,
      routed: true,
      violations: true,
      instances: 1,
    });
    expect(noted(P95, [bucket('300', 0) + bucket('+Inf', 0), bucket('300', 9) + bucket('+Inf', 9)])).toMatchObject({
      largestBound: 300,
      observed: 9,
    });
  });
  const before = { requests: 100, whole: 1_000, routed: true, violations: true, instances: 10 };
  const ten = (texts: readonly string[]) => Array.from({ length: 10 }, () => instance(texts));
  test('a route of which many would be due and that has no series is unknown; few may be chance', () => {
    const renamed = (count: number) => ten(['', stock(count) + checkout(count / 10, '/pos/checkout')]);
    expect(read(CHECKOUT, renamed(100), { before })).toEqual({
      kind: 'none',
      text: 'there are no requests of POST /aris3/pos/checkout, of which some 110 would be due among 1100, as before the deploy: compare the route and the method with the labels of http_requests_total',
    });
    expect(read(CHECKOUT, renamed(8), { before })).toMatchObject({ kind: 'idle' });
  });
  test('one that is there and that nobody asks is idle, at night for instance', () => {
    expect(read(CHECKOUT, ten([checkout(5), checkout(5) + stock(5_000)]), { before })).toMatchObject({ kind: 'idle' });
    expect(read(CHECKOUT, ten(['', stock(5_000)]), { before: { ...before, requests: 0 } })).toMatchObject({
      kind: 'idle',
    });
  });
  test('routes without a label are unknown; some that lead nowhere are not', () => {
    const bare = (count: number) => `http_requests_total{status="200"} ${count}\n`;
    expect(read(ERROR_RATE, ten(['', bare(100)]), { before })).toMatchObject({
      kind: 'none',
      text: expect.stringContaining('1000 requests have no label "route"') as unknown,
    });
    expect(read(ERROR_RATE, ten(['', stock(90) + bare(10)]), { before })).toMatchObject({ kind: 'value' });
    expect(read(ERROR_RATE, ten(['', bare(100)]), { before: { ...before, routed: false } })).toMatchObject({
      kind: 'value',
    });
  });
  test('half of the instances may go, and no more; a bad one shows all the same', () => {
    const left = (count: number, status = 200) =>
      Array.from({ length: count }, () => instance(['', requests('/a', status, 50)]));
    expect(read(ERROR_RATE, left(5), { before })).toMatchObject({ kind: 'value' });
    expect(read(ERROR_RATE, left(4), { before })).toMatchObject({
      kind: 'none',
      text: expect.stringContaining('4 of the 10 instances from before the deploy are left') as unknown,
    });
    expect(read(ERROR_RATE, left(4, 500), { before })).toMatchObject({ kind: 'value', inPart: true });
  });
  test('a histogram that has lost a quarter of the requests is unknown, one that never had them all is not', () => {
    const part = (all: number, seen: number) => [
      instance(['', stock(all) + bucket('100', seen) + bucket('500', seen) + bucket('+Inf', seen)]),
    ];
    const full = { ...before, instances: 1, observed: 1_000 };
    expect(read(P95, part(100, 75), { before: full })).toMatchObject({
      kind: 'none',
      text: expect.stringContaining('only 75 of 100 requests are in the histogram') as unknown,
    });
    expect(read(P95, part(100, 90), { before: full })).toMatchObject({ kind: 'value' });
    expect(read(P95, part(100, 75), { before: { ...full, observed: 700 } })).toMatchObject({ kind: 'value' });
  });
  describe('a histogram whose buckets end elsewhere than before the deploy', () => {
    const ends = (factor: number, count: number) =>
      [0.1, 0.5, 1].map((le) => bucket(String(le * factor), le === 0.1 ? 0 : count)).join('') +
      bucket('+Inf', count) +
      stock(count);
    const was = { ...before, instances: 1, observed: 1_000, largestBound: 1_000 };
    const now = (factor: number, then: MadeOf) =>
      read(P95, [instance([ends(factor, 0), ends(factor, 100)])], { before: then });
    test('below the guardrail, in seconds for instance: unknown, be it well or beyond', () => {
      expect(now(1, was)).toEqual({
        kind: 'none',
        text: 'the largest bucket of http_request_duration_ms ends at 1 ms, not above 350 ms, and ended at 1000 ms before the deploy: it may count in another unit; compare metrics.names.duration and durationUnit with the metrics',
      });
      const beyond = (count: number) => stock(count) + bucket('1', 0) + bucket('+Inf', count);
      expect(read(P95, [instance([beyond(0), beyond(100)])], { before: was })).toMatchObject({ kind: 'none' });
    });
    test('a hundred times as far, in microseconds for instance: unknown, bad as it looks', () => {
      expect(now(1_000_000, was)).toMatchObject({
        kind: 'none',
        text: expect.stringContaining('ends at 1000000 ms, and ended at 1000 ms before the deploy') as unknown,
      });
      expect(now(100_000, { ...was, largestBound: 10_000_000 })).toMatchObject({ kind: 'none' });
    });
    test('somewhat elsewhere, or never beyond the guardrail: as it says', () => {
      expect(now(500, was)).toMatchObject({ kind: 'value' });
      expect(now(5_000, was)).toMatchObject({ kind: 'value' });
      expect(now(200, { ...was, largestBound: 200 })).toMatchObject({ kind: 'value' });
      expect(now(1, { ...before, instances: 1 })).toMatchObject({ kind: 'value' });
    });
  });
  test('on one instance of many, before all of them are new', () => {
    const old = instance(['', stock(900) + checkout(100)]);
    const fresh = { ...instance(['', stock(900) + checkout(100, '/pos/checkout')]), instance: '10.0.0.9:8000' };
    expect(read(CHECKOUT, [old, fresh])).toMatchObject({
      kind: 'none',
      text: expect.stringContaining('10.0.0.9:8000 has no requests of POST /aris3/pos/checkout') as unknown,
    });
    // Tills may keep their connections to some instances.
    const without = { ...instance(['', stock(900)]), instance: '10.0.0.9:8000' };
    expect(read(CHECKOUT, [old, without])).toMatchObject({ kind: 'value' });
  });
  describe('on several instances in the same way, as at a stage of 25 %', () => {
    const at = (host: string, ...texts: string[]) => ({ ...instance(texts), instance: host });
    const many = (count: number, of: string, text: string) =>
      Array.from({ length: count }, (_, index) => at(`${of}-${index}`, '', text));
    const old = (count: number) => many(7, 'old', stock(count) + checkout(count / 9));
    const renamedTo = (route: string, count: number) => many(3, 'new', stock(count) + checkout(count / 9, route));
    /** What the preflight saw: all instances alike. */
    const ALIKE = { requests: 1_000, whole: 10_000, routed: true, violations: true, instances: 10 };
    test('unless the preflight saw that they share the work by routes, or nobody knows', () => {
      const parted = [...old(900), ...renamedTo('/aris3/imports', 900)];
      expect(read(CHECKOUT, parted)).toMatchObject({ kind: 'value' });
      expect(read(CHECKOUT, parted, { before: { ...ALIKE, parted: true } })).toMatchObject({ kind: 'value' });
      expect(read(CHECKOUT, parted, { notes: true })).toMatchObject({ madeOf: { parted: true } });
      expect(read(CHECKOUT, old(900), { notes: true })).not.toMatchObject({ madeOf: { parted: true } });
    });
    test('they do not cover each other', () => {
      expect(read(CHECKOUT, [...old(900), ...renamedTo('/pos/checkout', 900)], { before: ALIKE })).toMatchObject({
        kind: 'none',
        text: expect.stringMatching(
          /^new-0 has no requests of POST \/aris3\/pos\/checkout, of which some 100 would be due, and requests of "\/pos\/checkout", which no instance with that route has: .*, and 2 more of 10 instances/,
        ) as unknown,
      });
    });
    test('nor in a short window, where few would be due of each', () => {
      expect(read(CHECKOUT, [...old(45), ...renamedTo('/pos/checkout', 45)], { before: ALIKE })).toMatchObject({
        kind: 'none',
        text: expect.stringContaining('some 15 would be due of these 3') as unknown,
      });
      expect(read(CHECKOUT, [...old(18), ...renamedTo('/pos/checkout', 18)], { before: ALIKE })).toMatchObject({
        kind: 'value',
      });
    });
    test('with failures behind them: what the others show can still be bad', () => {
      const failing = many(7, 'old', stock(900) + requests('/aris3/pos/checkout', 500, 100, 'POST'));
      expect(read(CHECKOUT, [...failing, ...renamedTo('/pos/checkout', 900)], { before: ALIKE })).toMatchObject({
        kind: 'value',
        value: 0,
        inPart: true,
      });
    });
    test('without a route of their own, or with one that the others have and nobody asks there now: well', () => {
      expect(read(CHECKOUT, [...old(900), ...many(3, 'new', stock(900))])).toMatchObject({ kind: 'value' });
      const still = at('old-7', ...[0, 5].map((count) => requests('/aris3/transfers', 200, 4) + checkout(count)));
      const transfers = many(3, 'new', stock(900) + requests('/aris3/transfers', 200, 9));
      expect(read(CHECKOUT, [...old(900), still, ...transfers])).toMatchObject({ kind: 'value' });
    });
  });
  test('a histogram has to reach beyond the guardrail and the triggers', () => {
    const triggers = [{ name: 't', check: 'metric', above: '500ms', for: '15m', action: 'rollback' }];
    const look = metricLook({ metrics: SCRAPE, check: P95, triggers });
    const { source } = look.check;
    if (!('measure' in source)) throw new Error('expected a measure');
    const fault = (largestBound?: number) =>
      beyondBuckets({ ...look.check, source }, look.plan.triggers, {
        ...before,
        ...(largestBound === undefined ? {} : { largestBound }),
      });
    expect(fault(500)).toMatch(/ends at 500 ms, not above 500 ms/);
    expect([fault(501), fault()]).toEqual([undefined, undefined]);
  });
});

test('a percentile beyond the last bucket is more than that: failing, whatever the guardrail', () => {
  const counts = (all: number) => bucket('100', 0) + bucket('300', all / 2) + bucket('+Inf', all);
  const reading = read(P95, [instance([counts(0), counts(100)])]);
  expect(reading).toEqual({ kind: 'value', value: 300, moreThan: true, text: 'of 100 requests' });
  const { check } = metricLook({ metrics: SCRAPE, check: P95 });
  expect(standingOf(check, reading)).toBe('failing');
  expect(readingText(check, reading)).toBe('more than 300 ms, of 100 requests');
  const trigger = { name: 't', check: 'metric', for: 0, consecutive: 1, action: 'rollback' } as const;
  expect(breaches({ ...trigger, breach: { is: 'above', value: 500 } }, reading)).toBe(true);
  expect(breaches({ ...trigger, breach: { is: 'below', value: 10 } }, reading)).toBe(false);
});

describe('when a process began', () => {
  const began = (text: string) => startedAt(readExposition(`${text}\n`));
  test.each<[string, string, number | undefined]>([
    ['it says so', 'process_start_time_seconds 1.7e9', 1.7e12],
    ['its oldest counter does', 'a_total 1\na_created 1.7e9\nb_count 2\nb_created 1.8e9', 1.7e12],
    ['a gauge of another meaning', 'orders_created 3', undefined],
    ['a gauge of that name beside counters', 'orders_created 3\na_total 1\na_created 1.7e9', 1.7e12],
    ['milliseconds', 'process_start_time_seconds 1.7e12', undefined],
    ['zero', 'process_start_time_seconds 0', undefined],
    ['no number', 'process_start_time_seconds NaN\na_total 1\na_created 1.7e9', 1.7e12],
  ])('%s', (_, text, moment) => expect(began(text)).toBe(moment));
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
      text: 'of 110 requests, window so far 12s of 1m',
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
    expect(read(ERROR_RATE, [instance([started(1_700_002_000, 1), started(1_700_001_000, 5)])])).toMatchObject({
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
