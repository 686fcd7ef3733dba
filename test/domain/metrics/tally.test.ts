import { describe, expect, test } from '@jest/globals';
import { readExposition } from '../../../src/domain/metrics/exposition.js';
import { countersOf } from '../../../src/domain/metrics/tally.js';
import { metricLook } from '../../support/metric-look.js';

const { metrics } = metricLook({
  metrics: { scrape: { path: '/metrics' } },
  check: { measure: 'p95', guardrail: { below: '1s' } },
}).plan;
if (!metrics) throw new Error('expected metrics');
const { names } = metrics;
const counters = (...lines: string[]) => countersOf(readExposition(`${lines.join('\n')}\n`), names, []);

// Left out, a counter of errors would read as none.
describe('a counter that is no count says so, with its name', () => {
  test.each([
    ['http_requests_total{status="500"} NaN', 'http_requests_total{status="500"} is NaN, which is not a count'],
    ['http_requests_total{status="500"} +Inf', 'is Infinity, which is not a count'],
    ['http_requests_total{status="500"} -2147483600', 'is -2147483600, which is not a count'],
    ['invariants_violation_total -1', 'invariants_violation_total is -1, which is not a count'],
    ['http_request_duration_ms_bucket{le="100"} NaN', 'which is not a count'],
  ])('%s', (line, words) => {
    expect(() => counters('http_requests_total{status="200"} 5', line)).toThrow(words);
  });
  test('what golive makes no measure of may be anything; nothing counted yet is a count', () => {
    expect(counters('queue_wait NaN', 'http_request_duration_ms{quantile="0.5"} NaN')).toEqual(new Map());
    expect(counters('http_requests_total{status="500"} 0', 'invariants_violation_total -0').size).toBe(2);
  });
});

// Two workers' texts one after the other: the last one's numbers would hide the first one's errors.
test('a series that is there twice says so, with its name', () => {
  const twice =
    'has the series http_requests_total{status="500",route="/a"} twice: several processes behind one address?';
  const line = (count: number) => `http_requests_total{status="500",route="/a"} ${count}`;
  expect(() => counters(line(500), line(0))).toThrow(twice);
  expect(() => counters(line(500), 'http_requests_total{route="/a",status="500",zone=""} 0')).toThrow('twice');
  expect(counters(line(500), 'http_requests_total{status="500"} 1', 'other 1', 'other 2').size).toBe(2);
});
