import { expect, test } from '@jest/globals';
import type { Check, CheckTrigger, MetricCheck } from '../../../src/domain/plan/playbook.js';
import {
  breaches,
  conditionText,
  readingText,
  standingOf,
  type Reading,
} from '../../../src/domain/watching/reading.js';
import { look, unseen, type TargetState } from '../../../src/domain/watching/segment.js';

const probe: Check = { kind: 'probe', name: 'health', path: '/health', every: 10_000, timeout: 5_000 };
const checkout: MetricCheck = {
  kind: 'metric',
  name: 'checkout',
  every: 15_000,
  timeout: 5_000,
  unit: 'ratio',
  guardrail: { is: 'atLeast', value: 0.995 },
  mayBeIdle: false,
  source: { measure: 'success-rate', route: '/checkout' },
};
const tills: MetricCheck = { ...checkout, mayBeIdle: true };
const fails: CheckTrigger = {
  name: 'checkout-fails',
  check: 'checkout',
  consecutive: 1,
  for: 600_000,
  breach: { is: 'below', value: 0.97 },
  action: 'rollback',
};
const value = (of: number, inPart = false): Reading => ({ kind: 'value', value: of, ...(inPart ? { inPart } : {}) });
const said = (kind: 'good' | 'bad' | 'idle' | 'none'): Reading => ({ kind, text: kind });

test.each([
  [probe, said('good'), 'clean'],
  [probe, said('bad'), 'failing'],
  [probe, said('none'), 'blind'],
  [probe, said('idle'), 'blind'],
  [checkout, value(0.995), 'clean'],
  [checkout, value(0.9949), 'failing'],
  [checkout, said('idle'), 'blind'],
  [tills, said('idle'), 'idle'],
  [tills, said('none'), 'blind'],
] as const)('%o is, after %o: %s', (check, reading, standing) => {
  expect(standingOf(check, reading)).toBe(standing);
});

test.each([
  [said('good'), false],
  [said('bad'), true],
  [said('idle'), undefined],
  [said('none'), undefined],
  [value(0.97), false],
  [value(0.9699), true],
  [value(0.9699, true), true],
  [value(0.97, true), undefined],
] as const)("whether the trigger's condition is met by %o: %p", (reading, met) => {
  expect(breaches(fails, reading)).toBe(met);
});

test('what is read says what it is', () => {
  expect(readingText(probe, { kind: 'bad', text: '503 in 4 ms' })).toBe('503 in 4 ms');
  expect(readingText(checkout, { kind: 'value', value: 0.42, text: '12 requests', inPart: true })).toBe(
    '42 %, 12 requests, seen in part',
  );
  expect(conditionText(fails, checkout)).toBe('< 97 %');
  expect(conditionText({ ...fails, check: 'health' }, probe)).toBe('failing');
});

test('a value just beside its guardrail or its trigger is not written as if it were on it', () => {
  const [state] = unseen([checkout], ['service']) as [TargetState];
  expect(look(state, value(0.99499), checkout, [fails]).last).toBe('99.499 %');
  expect(look(state, value(0.96998), checkout, [fails]).last).toBe('96.998 %');
  expect(look(state, value(0.97), checkout, [fails]).last).toBe('97 %');
});
