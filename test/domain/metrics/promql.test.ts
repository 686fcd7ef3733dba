import { describe, expect, test } from '@jest/globals';
import type { MadeOf } from '../../../src/domain/metrics/measured.js';
import {
  partsOf,
  partsReading,
  staleness,
  withUnseen,
  type Parts,
} from '../../../src/domain/metrics/prometheus-parts.js';
import { measureQuery, quoted, sightQuery, type Scope } from '../../../src/domain/metrics/promql.js';
import { answered, queryReading, type Answered } from '../../../src/domain/metrics/query-reading.js';
import type { MetricCheck } from '../../../src/domain/plan/playbook.js';
import type { MeasuredSource } from '../../../src/domain/metrics/measured.js';
import { metricLook } from '../../support/metric-look.js';

const {
  plan: { metrics },
} = metricLook({ metrics: { prometheus: { url: 'http://p' } }, check: { measure: 'p95', guardrail: { below: '1s' } } });
if (!metrics) throw new Error('expected metrics');
const scope: Scope & { triggers: []; ofService: boolean } = {
  metrics,
  freshFor: 60_000,
  selector: 'job="aris3"',
  notTraffic: ['/health'],
  triggers: [],
  ofService: true,
};

describe('what is asked', () => {
  const query = (source: MeasuredSource) =>
    measureQuery(source, scope)
      .split(' or label_replace')
      .map((part) => part.replace(/^label_replace/, ''));
  const sight = [
    expect.stringContaining('(time() - max(timestamp(http_requests_total{job="aris3"})),"golive_part","age"'),
    expect.stringContaining('(count(up{job="aris3"}),"golive_part","targets"'),
    expect.stringContaining('(count(max_over_time(up{job="aris3"}[60s]) == 0),"golive_part","unseen"'),
  ];
  test('error rate: 5xx and all, without the paths golive asks itself', () => {
    expect(query({ measure: 'error-rate' })).toEqual([
      expect.stringContaining(
        '(sum(increase(http_requests_total{job="aris3",route!="/health"}[300s])),"golive_part","requests"',
      ),
      expect.stringContaining(
        '(sum(increase(http_requests_total{job="aris3",route!="/health",status=~"5([0-9][0-9]|[xX][xX])"}[300s])),"golive_part","errors"',
      ),
      expect.stringContaining('status!~"[1-5]([0-9][0-9]|[xX][xX])"}[300s])),"golive_part","unknown"'),
      expect.stringContaining('http_requests_total{job="aris3",route=""}[300s])),"golive_part","unrouted"'),
      ...sight,
    ]);
  });
  test('a route: that one, with its method', () => {
    expect(query({ measure: 'success-rate', route: '/a"b', method: 'POST' })[0]).toContain(
      'http_requests_total{job="aris3",route="/a\\"b",method="POST"}[300s]',
    );
  });
  test('p95 and violations', () => {
    expect(query({ measure: 'p95' })[2]).toContain(
      '(sum by (le) (increase(http_request_duration_ms_bucket{job="aris3",route!="/health"}[300s])),"golive_part","bucket"',
    );
    expect(query({ measure: 'violations' })[0]).toContain(
      'sum(increase(invariants_violation_total{job="aris3"}[300s]))',
    );
  });
  test('without a selector no empty matcher; a window of less than seconds', () => {
    expect(
      measureQuery({ measure: 'violations' }, { ...scope, selector: '', metrics: { ...metrics, window: 1_500 } }),
    ).toContain('invariants_violation_total{}[1500ms]');
    expect(sightQuery({ ...scope, selector: '' })).toContain('up{}');
  });
  test('nothing in a value ends its quotes', () => expect(quoted('a"b\\c\nd')).toBe('"a\\"b\\\\c\\nd"'));
});

describe('what the parts say', () => {
  const read = (
    measure: MeasuredSource['measure'],
    parts: Parts,
    more: Partial<typeof scope> & { before?: MadeOf } = {},
  ) => {
    const { check } = metricLook({
      metrics: { prometheus: { url: 'http://p' } },
      check: {
        measure,
        ...(measure === 'success-rate' ? { route: '/r' } : {}),
        guardrail: measure === 'p95' ? { below: '350ms' } : { below: measure === 'violations' ? 1 : '100%' },
      },
    });
    return partsReading(check as MetricCheck & { source: MeasuredSource }, parts, { ...scope, ...more });
  };
  /** Forty requests whose 95th percentile is this. */
  const took = (p95: number): Parts => ({
    whole: 40,
    buckets: [
      { le: p95, count: 38 },
      { le: 10 * p95, count: 40 },
      { le: Infinity, count: 40 },
    ],
  });
  test('no errors part is a zero when there are requests, and idle when there are none', () => {
    expect(read('error-rate', { requests: 40, age: 3 })).toEqual({ kind: 'value', value: 0, text: 'of 40 requests' });
    expect(read('error-rate', { requests: 0, age: 3 })).toMatchObject({ kind: 'idle' });
    expect(read('error-rate', { age: 3 })).toMatchObject({ kind: 'idle' });
    expect(read('success-rate', { requests: 40, errors: 1, age: 3 })).toMatchObject({ kind: 'value', value: 0.975 });
  });
  test('a number that is none says nothing: neither zero, nor idle, nor failing', () => {
    for (const parts of [
      { requests: 100, errors: NaN, age: 3 },
      { requests: NaN, errors: 0, age: 3 },
      { requests: Infinity, errors: 0, age: 3 },
      { requests: 100, unknown: NaN, age: 3 },
      { requests: 100, errors: -5, age: 3 },
      { requests: 100, unrouted: NaN, age: 3 },
      { requests: 100, targets: NaN, age: 3 },
    ])
      expect(read('error-rate', parts)).toMatchObject({ kind: 'none' });
    expect(read('violations', { increase: NaN, age: 3 })).toMatchObject({ kind: 'none' });
    expect(read('violations', { increase: -1, age: 3 })).toMatchObject({ kind: 'none' });
    expect(read('violations', { appeared: -1, known: 2, age: 3 })).toMatchObject({ kind: 'none' });
    expect(read('p95', { whole: NaN, age: 3 })).toMatchObject({ kind: 'none' });
  });
  test('requests without a status code are errors until somebody can tell', () => {
    expect(read('error-rate', { requests: 40, errors: 0, unknown: 40, age: 3 })).toMatchObject({
      kind: 'none',
      text: expect.stringContaining('40 of 40 requests have no status code in the label "status"') as unknown,
    });
  });
  test('without a fresh sample there is none, whatever the rates still say', () => {
    expect(read('error-rate', { requests: 40, errors: 0 })).toMatchObject({
      kind: 'none',
      text: expect.stringContaining('no current sample of http_requests_total{job="aris3"}') as unknown,
    });
    expect(read('error-rate', { requests: 40, age: 60 })).toMatchObject({ kind: 'value' });
    expect(read('error-rate', { requests: 40, age: 61 })).toMatchObject({
      kind: 'none',
      text: expect.stringContaining('1m 1s old') as unknown,
    });
    expect(read('error-rate', { requests: 40, age: NaN })).toMatchObject({ kind: 'none' });
  });
  test('a target that is not scraped: well elsewhere is none, bad elsewhere is bad', () => {
    expect(read('p95', { ...took(100), age: 3, unseen: 2 })).toMatchObject({
      kind: 'none',
      text: expect.stringContaining('2 of the targets') as unknown,
    });
    expect(read('p95', { ...took(400), age: 3, unseen: 2 })).toMatchObject({
      kind: 'value',
      value: 400,
      inPart: true,
    });
  });
  test('p95: without a histogram, with traffic it is none, without it idle; seconds become milliseconds', () => {
    expect(read('p95', { whole: 40, age: 3 })).toMatchObject({ kind: 'none' });
    expect(read('p95', { whole: 0, age: 3 })).toMatchObject({ kind: 'idle' });
    expect(
      read(
        'p95',
        { ...took(0.4), age: 3 },
        { metrics: { ...metrics, names: { ...metrics.names, durationUnit: 's' } } },
      ),
    ).toMatchObject({ value: 400 });
  });
  describe('the bounds of its buckets', () => {
    const p95 = (...buckets: [string | undefined, number][]) =>
      read('p95', {
        ...partsOf(
          buckets.map(([le, value]) => ({
            labels: { golive_part: 'bucket', ...(le === undefined ? {} : { le }) },
            value,
          })),
        ),
        whole: 100,
        age: 3,
      });
    test.each([['2,5'], [''], [undefined], ['NaN'], ['-Inf'], ['0x10'], ['fast']])('%s is no bound', (le) => {
      expect(p95([le, 96], ['250', 98], ['1000', 100], ['+Inf', 100])).toMatchObject({
        kind: 'none',
        text: expect.stringContaining(
          `a bucket of http_request_duration_ms with ${le ? `le="${le}"` : 'no le'}`,
        ) as unknown,
      });
    });
    test('one bound in two spellings is added up; twice in the same spelling it is no number', () => {
      expect(p95(['100', 49], ['100.0', 46], ['2.5e2', 50], ['250', 50], ['+Inf', 50], ['Inf', 50])).toMatchObject({
        kind: 'value',
        value: 100,
      });
      expect(p95(['100', 99], ['100', 99], ['+Inf', 100])).toMatchObject({ kind: 'none' });
    });
  });
  test('violations: the more certain of two counts; a first appearance only where Prometheus looked before', () => {
    expect(read('violations', { age: 3 })).toMatchObject({ value: 0 });
    expect(read('violations', { increase: 0, appeared: 1, known: 9, age: 3 })).toMatchObject({ value: 1 });
    expect(read('violations', { increase: 0, appeared: 1, age: 3 })).toMatchObject({ value: 0 });
    expect(read('violations', { increase: 2.1, appeared: 0, known: 9, age: 3 })).toMatchObject({ value: 2.1 });
  });
  test('violations that had a series before the deploy and have none now are unknown; where there never was one it is a zero', () => {
    const before = { requests: 0, whole: 0, routed: false, violations: true, instances: 8 };
    const gone = { age: 3, known: 1, targets: 8 };
    expect(read('violations', gone, { before })).toMatchObject({
      kind: 'none',
      text: expect.stringContaining('invariants_violation_total had a series before the deploy') as unknown,
    });
    expect(read('violations', { ...gone, present: 1 }, { before })).toMatchObject({ kind: 'value', value: 0 });
    expect(read('violations', gone, { before: { ...before, violations: false } })).toMatchObject({ value: 0 });
    expect(read('violations', { ...gone, increase: 2 }, { before })).toMatchObject({ value: 2 });
    expect(read('violations', { ...gone, present: 1, targets: 3 }, { before })).toMatchObject({ kind: 'none' });
  });
  test('nothing unseen changes nothing; staleness names the bare metric without a selector', () => {
    const { check } = metricLook({
      metrics: { prometheus: { url: 'http://p' } },
      check: { measure: 'p95', guardrail: { below: '1s' } },
    });
    expect(withUnseen({ kind: 'idle', text: 'x' }, check, {}, scope)).toEqual({ kind: 'idle', text: 'x' });
    expect(staleness({}, { ...scope, selector: '' })).toContain('no current sample of http_requests_total:');
  });
});

describe("the plan's own PromQL", () => {
  const number = (value: number): Answered => answered([{ labels: {}, value }]);
  const empty = answered([]);
  test.each<[string, Answered, Answered | undefined, object]>([
    ['a number', number(3), undefined, { kind: 'value', value: 3 }],
    ['zero without a denominator', number(0), undefined, { kind: 'value', value: 0 }],
    ['zero with traffic', number(0), number(2), { kind: 'value', value: 0 }],
    ['zero without traffic', number(0), number(0), { kind: 'idle' }],
    ['zero with a denominator that is gone', number(0), empty, { kind: 'none' }],
    ['empty without a denominator', empty, undefined, { kind: 'none' }],
    ['empty with traffic', empty, number(2), { kind: 'value', value: 0 }],
    ['empty without traffic', empty, number(0), { kind: 'idle' }],
    ['both empty', empty, empty, { kind: 'none' }],
    ['NaN without a denominator', number(NaN), undefined, { kind: 'none' }],
    ['NaN with traffic', number(NaN), number(2), { kind: 'none' }],
    ['NaN without traffic', number(NaN), number(0), { kind: 'idle' }],
    ['NaN over NaN', number(NaN), number(NaN), { kind: 'idle' }],
    ['infinite', number(Infinity), number(2), { kind: 'none' }],
    ['an infinite denominator', empty, number(Infinity), { kind: 'none' }],
    [
      'two series',
      answered([
        { labels: {}, value: 1 },
        { labels: {}, value: 2 },
      ]),
      undefined,
      { kind: 'none' },
    ],
  ])('%s', (_, answer, denominator, reading) => expect(queryReading(answer, denominator)).toMatchObject(reading));
});
