import { expect, test } from '@jest/globals';
import { clockText, heldText, isDue } from '../../../src/domain/watching/breach-clock.js';
import type { Check, CheckTrigger } from '../../../src/domain/plan/playbook.js';

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

const MINUTE = 60_000;
const errors = { for: 10 * MINUTE };
const latency = { for: 15 * MINUTE };
// Playbook §4: "for 10+ minutes", "for 15+ minutes"; the last breaching reading was so long before.
test.each([
  ['9m59s', errors, 599_000, 0, false],
  ['10m less a millisecond', errors, 599_999, 0, false],
  ['10m00s', errors, 600_000, 0, true],
  ['long over, and it still holds', errors, 86_400_000, 0, true],
  ['14m59s', latency, 899_000, 0, false],
  ['15m less a millisecond', latency, 899_999, 0, false],
  ['15m00s', latency, 900_000, 0, true],
  ['10m00s, the last reading one interval old', errors, 600_000, check.every, true],
  ['10m00s, two intervals old', errors, 600_000, 2 * check.every, true],
  ['10m00s, two intervals and a millisecond', errors, 600_000, 2 * check.every + 1, false],
  ['long over, and nothing fresh', errors, 86_400_000, 2 * check.every + 1, false],
  ['9m59s, whatever is fresh', errors, 599_000, 2 * check.every, false],
])('a condition that has held for %s', (_, { for: length }, held, ago, due) => {
  const since = 1_000_000;
  const now = since + held;
  expect(isDue({ ...clock, since, lastReading: now - ago }, { for: length }, check, now)).toBe(due);
});

test.each([
  ['a millisecond before', 899_999, 'p95 612 ms > 500 ms for 14m 59s of 15m'],
  ['at the moment', 900_000, 'p95 612 ms > 500 ms for 15m'],
  ['a millisecond after', 900_001, 'p95 612 ms > 500 ms for 15m, the next reading decides'],
  ['long after', 918_000, 'p95 612 ms > 500 ms for 15m 18s, 18s over the 15m, the next reading decides'],
])('what people read %s that it is due', (_, now, text) => {
  expect(clockText(clock, trigger, check, { value: 612 }, now)).toBe(text);
});
