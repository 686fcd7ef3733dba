import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { replay } from '../../../src/domain/evidence/replay.js';
import type { Plan } from '../../../src/domain/plan/plan.js';
import type { CheckTrigger } from '../../../src/domain/plan/playbook.js';
import type { Reading } from '../../../src/domain/watching/reading.js';
import { unseen } from '../../../src/domain/watching/segment.js';
import { runs } from '../../support/property-runs.js';
import { IN_FULL } from '../../support/thorough.js';
import { stories, type Story } from '../../support/watching-story.js';
import { recordsOf } from '../../support/written-evidence.js';

const MINUTE = 60_000;
const replayed = (story: Story, until: number, change: (plan: Plan) => Plan = (plan) => plan) => {
  const { decided, seen, plan } = recordsOf(story, until);
  return replay({ decided, runs: [{ seen }], plan }, change(plan));
};

test('the same playbook fires what had fired, at the same moment', () => {
  let fired = 0;
  fc.assert(
    fc.property(stories('calm', 'hurried'), (story) => {
      for (const { trigger, target, then, now } of replayed(story, 300_000).triggers) {
        expect({ trigger, target, now: now?.at }).toEqual({ trigger, target, now: then?.at });
        fired += 1;
      }
    }),
    runs(IN_FULL ? 200 : 20),
  );
  expect(fired).toBeGreaterThan(20);
});

const p95 = (value: number): Reading => ({ kind: 'value', value });
const checks: Story['checks'] = [
  {
    kind: 'metric',
    name: 'p95',
    unit: 'ms',
    every: 10_000,
    timeout: 1_000,
    guardrail: { is: 'below', value: 350 },
    mayBeIdle: false,
    source: { measure: 'p95' },
  },
];
const slow: CheckTrigger = {
  name: 'slow',
  check: 'p95',
  action: 'rollback',
  consecutive: 1,
  for: 5 * MINUTE,
  breach: { is: 'above', value: 500 },
};
/** Slow from the second minute to the fourth, and from the tenth on. */
const story: Story = {
  checks,
  triggers: [slow],
  states: unseen(checks, ['service']),
  fates: [{ lengthMs: MINUTE }],
  readings: (_, __, at) => p95((at >= 2 * MINUTE && at < 4 * MINUTE) || at >= 10 * MINUTE ? 600 : 200),
};
const withTrigger = (change: Partial<CheckTrigger>) => (plan: Plan) => ({
  ...plan,
  triggers: [{ ...slow, ...change }],
});
const at = (minutes: number) => new Date(Date.parse('2026-05-02T22:00:00Z') + minutes * MINUTE).toISOString();

test('another threshold or time fires earlier, later, or never', () => {
  const of = (change: Partial<CheckTrigger>) => replayed(story, 20 * MINUTE, withTrigger(change)).triggers;
  const then = { at: at(15), detail: 'p95 at service: 600 ms > 500 ms for 5m' };
  expect(of({})).toEqual([{ trigger: 'slow', target: 'service', action: 'rollback', then, now: then }]);
  expect(of({ for: MINUTE })).toMatchObject([{ then, now: { at: at(3) } }]);
  expect(of({ for: 8 * MINUTE })).toMatchObject([{ then, now: { at: at(18) } }]);
  expect(of({ breach: { is: 'above', value: 700 } })).toEqual([
    { trigger: 'slow', target: 'service', action: 'rollback', then },
  ]);
  expect(replayed(story, 20 * MINUTE, withTrigger({ for: MINUTE })).rollsBackAt).toBe(at(3));
  expect(replayed(story, 20 * MINUTE, withTrigger({ for: MINUTE, action: 'note' }))).not.toHaveProperty('rollsBackAt');
});

test('looks after a stop count for nothing', () => {
  const { decided, seen, plan } = recordsOf(story, 20 * MINUTE);
  const stopped = [
    ...decided,
    { kind: 'stop', at: at(5), n: decided.length, stop: { kind: 'abort', by: 'Ana', reason: 'x', at: at(5) } } as const,
  ];
  expect(replay({ decided: stopped, runs: [{ seen }], plan }, plan)).toMatchObject({
    stopped: true,
    until: at(5),
    triggers: [],
  });
});

test('what was not measured, or measured otherwise, is said', () => {
  const { unknown } = replayed(story, 5 * MINUTE, (plan) => ({
    ...plan,
    checks: [
      { ...checks[0]!, every: 5_000 },
      { kind: 'probe', name: 'health', path: '/health', every: 1_000, timeout: 1_000 },
    ],
  }));
  expect(unknown).toEqual([
    'p95 was looked at each 10s, not each 5s: it counts the looks that there were',
    'health was not looked at',
  ]);
  const other = replayed(story, 20 * MINUTE, (plan) => ({
    ...plan,
    checks: [{ ...checks[0]!, source: { measure: 'error-rate' } } as (typeof checks)[number]],
  }));
  expect(other.unknown).toEqual(['p95 measures something else now: its readings of then say nothing of it']);
  expect(other.triggers).toMatchObject([{ trigger: 'slow', then: { at: at(15) } }]);
  expect(other.triggers[0]).not.toHaveProperty('now');
  expect(other.triggers[0]?.why).toMatch(/its check can't be compared/);
});

test('a trigger, or a soak, that the other file does not have is said to be gone, and not to stay silent', () => {
  const { decided, seen, plan } = recordsOf(story, 20 * MINUTE);
  const soaking = { is: 'rolling-out', stage: plan.stages[0]!.name, part: 'soaking', deployed: true } as const;
  const soaked = [...decided, { kind: 'course', at: at(1), n: decided.length, course: soaking } as const];
  const with_ = (other: Plan) => replay({ decided: soaked, runs: [{ seen }], plan }, other);
  const [first, ...later] = plan.stages;
  expect(with_({ ...plan, triggers: [] }).triggers).toMatchObject([
    { trigger: 'slow', then: { at: at(15) }, why: 'this file has no such trigger' },
  ]);
  expect(with_({ ...plan, stages: later }).unknown).toEqual([
    `this file has no stage ${first!.name}: its soak can't be compared`,
  ]);
  const bare = { ...first!, soak: undefined } as unknown as (typeof plan.stages)[number];
  expect(with_({ ...plan, stages: [bare, ...later] }).unknown).toEqual([
    `in this file the stage ${first!.name} has no soak`,
  ]);
  expect(with_(plan).unknown).toEqual([]);
  expect(with_(plan).triggers[0]).not.toHaveProperty('why');
});
