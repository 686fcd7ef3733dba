import { expect, test } from '@jest/globals';
import { clockText, heldText } from '../../src/domain/breach-clock.js';
import type { Check, CheckTrigger } from '../../src/domain/playbook.js';

const check: Check = {
  kind: 'metric',
  name: 'p95',
  every: 15_000,
  timeout: 5_000,
  source: { measure: 'p95' },
  unit: 'ms',
  guardrail: { is: 'below', value: 350 },
  mayBeIdle: false,
};
const trigger: CheckTrigger = {
  name: 'latency',
  check: 'p95',
  consecutive: 1,
  for: 900_000,
  breach: { is: 'above', value: 500 },
  action: 'rollback',
};
const clock = { trigger: 'latency', check: 'p95', target: 'service', since: 0, lastReading: 680_000 };

test('a clock reads like the playbook: the value, the condition, how far', () => {
  expect(clockText(clock, trigger, check, { value: 612, last: '612 ms, of 80 requests' }, 680_000)).toBe(
    'p95 612 ms > 500 ms for 11m 20s of 15m',
  );
});

test('while nothing can be read the value is the last that was, and never the complaint', () => {
  expect(heldText(clock, trigger, check, { value: 612, last: 'Prometheus: ECONNREFUSED' }, 690_000)).toBe(
    '612 ms > 500 ms for 11m 30s of 15m',
  );
});
