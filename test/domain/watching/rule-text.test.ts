import { expect, test } from '@jest/globals';
import type { Check, Trigger } from '../../../src/domain/plan/playbook.js';
import { checkText, triggerText } from '../../../src/domain/watching/rule-text.js';

const looks = { every: 15_000, timeout: 5_000 };
const metric = {
  ...looks,
  kind: 'metric' as const,
  unit: 'ratio' as const,
  guardrail: { is: 'below' as const, value: 0.01 },
  mayBeIdle: false,
};
const checks: Check[] = [
  { ...looks, kind: 'probe', name: 'health', path: '/health' },
  { ...metric, name: 'error-rate', source: { measure: 'error-rate' } },
  { ...metric, name: 'checkout', source: { measure: 'success-rate', route: '/aris3/pos/checkout', method: 'POST' } },
  { ...metric, name: 'queue', unit: 'number', source: { promql: 'sum(rate(x[5m]))' } },
  { ...looks, kind: 'contracts', name: 'contracts' },
  { ...looks, kind: 'integrity', name: 'integrity' },
];

test('what is looked at', () => {
  expect(checks.map((check) => checkText(check, 'https://aris3.example'))).toEqual([
    'GET https://aris3.example/health',
    'error-rate',
    'success-rate of POST /aris3/pos/checkout',
    'sum(rate(x[5m]))',
    'the contracts and frozen rules',
    'the integrity command',
  ]);
});

const rule = { consecutive: 1, for: 0, action: 'rollback' } as const;
test.each<[Trigger, string]>([
  [
    { ...rule, name: 'down', check: 'health', consecutive: 3 },
    'GET /health failing 3 times in a row, looked at each 15s: rollback',
  ],
  [
    { ...rule, name: 'errors', check: 'error-rate', for: 600_000, breach: { is: 'atLeast', value: 0.05 } },
    'error-rate ≥ 5 % for 10m, looked at each 15s: rollback',
  ],
  [
    { ...rule, name: 'queue', check: 'queue', breach: { is: 'above', value: 5 }, action: 'ask' },
    'sum(rate(x[5m])) > 5, looked at each 15s: ask',
  ],
  [
    { ...rule, name: 'drift', check: 'contracts' },
    'the contracts and frozen rules failing, looked at each 15s: rollback',
  ],
  [{ name: 'p1', external: true, for: 120_000, action: 'rollback' }, 'an alert from outside that lasts 2m: rollback'],
  [{ name: 'p1', external: true, for: 0, action: 'ask' }, 'an alert from outside: ask'],
])('when it fires: %o', (trigger, text) => {
  expect(triggerText(trigger, { checks })).toBe(text);
});
