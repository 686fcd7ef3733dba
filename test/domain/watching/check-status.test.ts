import { describe, expect, test } from '@jest/globals';
import type { Check, CheckTrigger } from '../../../src/domain/plan/playbook.js';
import { checkStatus } from '../../../src/domain/watching/check-status.js';
import { checkStatusText } from '../../../src/domain/watching/check-status-text.js';
import type { Breach, TargetState } from '../../../src/domain/watching/segment.js';

const p95: Check = {
  kind: 'metric',
  name: 'p95',
  every: 15_000,
  timeout: 5_000,
  unit: 'ms',
  guardrail: { is: 'below', value: 350 },
  mayBeIdle: false,
  source: { measure: 'p95' },
};
const health: Check = { kind: 'probe', name: 'health', path: '/health', every: 10_000, timeout: 5_000 };
const slow: CheckTrigger = {
  name: 'latency',
  check: 'p95',
  consecutive: 1,
  for: 900_000,
  breach: { is: 'above', value: 500 },
  action: 'ask',
};
const down: CheckTrigger = { name: 'health-down', check: 'health', consecutive: 3, for: 0, action: 'rollback' };
const plan = {
  checks: [p95, health],
  triggers: [slow, down, { name: 'p1', external: true as const, for: 0, action: 'rollback' as const }],
};
const state = (check: string, last: string, ...breaches: Breach[]): TargetState => ({
  check,
  target: 'service',
  standing: 'failing',
  failures: 2,
  breaches,
  last,
});
const clock = { trigger: 'latency', check: 'p95', target: 'service', since: 1_000_000, lastReading: 1_680_000 };

describe('a check as people read it', () => {
  test('has its guardrail, and how far its breach clock is', () => {
    const seen = checkStatus(plan, state('p95', '612 ms', { trigger: 'latency', count: 46 }), [clock], 1_680_000);
    expect(seen).toMatchObject({
      last: '612 ms',
      guardrail: '< 350 ms',
      triggers: [
        {
          name: 'latency',
          action: 'ask',
          fires: '> 500 ms for 15m',
          running: 'p95 612 ms > 500 ms for 11m 20s of 15m',
          clock: { says: 'p95 612 ms > 500 ms', due: '1970-01-01T00:31:40.000Z' },
        },
      ],
    });
    expect(checkStatusText(seen)).toBe('612 ms; latency: p95 612 ms > 500 ms for 11m 20s of 15m');
  });

  test('has its count', () => {
    const seen = checkStatus(plan, state('health', '503 in 4 ms', { trigger: 'health-down', count: 2 }), [], 0);
    expect(seen).not.toHaveProperty('guardrail');
    expect(checkStatusText(seen)).toBe('503 in 4 ms; health-down: 2 of 3 in a row');
  });

  test('an advisory trigger has no countdown, and says that it would have fired', () => {
    const advisory = { ...plan, triggers: [{ ...slow, action: 'note' as const }] };
    const seen = checkStatus(advisory, state('p95', '612 ms', { trigger: 'latency', count: 46 }), [clock], 1_680_000);
    expect(seen.triggers).toEqual([
      {
        name: 'latency',
        action: 'note',
        fires: '> 500 ms for 15m',
        running: 'advisory, p95 612 ms > 500 ms for 11m 20s of 15m',
      },
    ]);
    const fired = checkStatus(advisory, state('p95', '612 ms', { trigger: 'latency', count: 9, fired: true }), [], 0);
    expect(fired.triggers).toMatchObject([{ running: 'advisory, would have fired' }]);
  });

  test('says when a trigger has fired', () => {
    expect(
      checkStatus(plan, state('health', '503', { trigger: 'health-down', count: 3, fired: true }), [], 0).triggers,
    ).toMatchObject([{ fires: 'failing 3 times in a row', running: 'has fired' }]);
  });

  test('shows the clock of its own target only, and none where no condition holds', () => {
    const { triggers } = checkStatus(plan, state('p95', '400 ms'), [{ ...clock, target: 'canary' }], 1_680_000);
    expect(triggers).toEqual([{ name: 'latency', action: 'ask', fires: '> 500 ms for 15m' }]);
    expect(checkStatusText({ triggers })).toBe('not looked at yet');
  });
});
