import { describe, expect, test } from '@jest/globals';
import { planChanges } from '../../../src/domain/plan/plan-changes.js';
import type { Plan } from '../../../src/domain/plan/plan.js';
import { changedAt, everyPlan, leafPaths } from '../../support/every-plan.js';

const plans = everyPlan();

describe.each(Object.entries(plans))('of %s', (_, plan) => {
  test('nothing differs from itself, whatever order its keys came in', () => {
    const turned = JSON.parse(JSON.stringify(plan), (_key, each: unknown) =>
      each !== null && typeof each === 'object' && !Array.isArray(each)
        ? Object.fromEntries(Object.entries(each).reverse())
        : each,
    ) as Plan;
    expect(planChanges(plan, turned)).toEqual([]);
  });

  test('every value that differs is told', () => {
    const kept = leafPaths(plan).filter((path) => {
      // What a check or a trigger is follows from its other keys.
      if ((path.at(-1) === 'kind' && path[0] === 'checks') || path.at(-1) === 'external') return false;
      return planChanges(plan, changedAt(plan, path)).length === 0;
    });
    expect(kept.map((path) => path.join('.'))).toEqual([]);
  });
});

test('they are told by path, in the words of the file', () => {
  const plan = plans['aris3'] as Plan;
  const changed = structuredClone(plan) as unknown as {
    checks: { name: string; guardrail: { value: number } }[];
    triggers: { name: string; for: number }[];
    stages: { name: string; run: string[] }[];
    messages: { started: { nextUpdate: number } };
    environment: { environment: Record<string, string> };
    secrets: string[];
  };
  Object.assign(changed.checks.find(({ name }) => name === 'p95')?.guardrail ?? {}, { value: 400 });
  Object.assign(changed.triggers.find(({ name }) => name === 'latency') ?? {}, { for: 90_000 });
  changed.stages[0]?.run.push('two words');
  changed.stages.splice(1, 1);
  changed.environment.environment = { API_TOKEN: 'hunter2' };
  changed.messages.started.nextUpdate = 1_500;
  const changes = planChanges(plan, changed as unknown as Plan);
  const old = (path: string) => changes.find((each) => each.path === path);
  expect(old('checks.p95.guardrail.below')).toEqual({ path: 'checks.p95.guardrail.below', old: '350ms', new: '400ms' });
  expect(old('triggers.latency.for')).toEqual({ path: 'triggers.latency.for', old: '15m', new: '1m30s' });
  expect(old('stages')).toMatchObject({ old: '[canary, rolling-25, rolling-100]', new: '[canary, rolling-100]' });
  expect(old('stages.canary.run')).toMatchObject({
    new: './deploy.sh --env prod --strategy canary --batch 10 "two words"',
  });
  expect(old('stages.rolling-25.soak.min')).toEqual({ path: 'stages.rolling-25.soak.min', old: '5m' });
  expect(old('messages.started.nextUpdate')).toMatchObject({ old: '10m', new: '1s500ms' });
  expect(old('environments.prod.environment.PYTHONPATH')).toEqual({
    path: 'environments.prod.environment.PYTHONPATH',
    old: '.',
  });
  expect(old('environments.prod.environment.API_TOKEN')).toEqual({
    path: 'environments.prod.environment.API_TOKEN',
    new: '…',
  });
});

test('a secret that is written out differs, and is not shown', () => {
  const plan = plans['aris3'] as Plan;
  const withPassword = (password: string): Plan => ({
    ...plan,
    verify: {
      ...plan.verify,
      contracts: { ...plan.verify.contracts, login: { ...plan.verify.contracts.login, password } },
    },
  });
  expect(planChanges(withPassword('one'), withPassword('two'))).toEqual([
    { path: 'verify.contracts.login.password', old: '…', new: '…', secret: true },
  ]);
});
