import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Check, CheckTrigger, MetricCheck } from '../../src/domain/playbook.js';
import type { Reading } from '../../src/domain/reading.js';
import { firesNow, hasFlipped, look, unseen, type TargetState } from '../../src/domain/watching.js';
import { runs } from '../support/property-runs.js';

const check: Check = { kind: 'probe', name: 'health', path: '/health', every: 10_000, timeout: 5_000 };
const metric: MetricCheck = {
  kind: 'metric',
  name: 'health',
  every: 10_000,
  timeout: 5_000,
  unit: 'ms',
  guardrail: { is: 'below', value: 350 },
  mayBeIdle: false,
  source: { measure: 'p95' },
};
const good: Reading = { kind: 'good', text: '200 in 4 ms' };
const bad: Reading = { kind: 'bad', text: '503 in 4 ms' };
const none: Reading = { kind: 'none', text: 'cut off' };
const trigger: CheckTrigger = { name: 'health-down', check: 'health', consecutive: 3, for: 0, action: 'rollback' };
const [unknown] = unseen([check], ['service']) as [TargetState];

const after = (readings: Reading[], rules = [trigger], over: Check = check) =>
  readings.reduce((state, reading) => look(state, reading, over, rules), unknown);
const fires = (readings: Reading[], rules = [trigger], over: Check = check) =>
  firesNow(after(readings, rules, over), rules).length > 0;

// Playbook §4: "non-200 for > 2 consecutive checks".
describe('the third non-200 in a row fires', () => {
  test.each([
    ['nothing yet', [], false],
    ['two', [bad, bad], false],
    ['three', [bad, bad, bad], true],
    ['two, one good, two', [bad, bad, good, bad, bad], false],
    ['two, one good, three', [bad, bad, good, bad, bad, bad], true],
    ['every other one', [bad, good, bad, good, bad, good], false],
    ['two, a look that told nothing, one', [bad, bad, none, bad], true],
    ['two and looks that told nothing', [bad, bad, none, none, none], false],
  ])('%s', (_, readings, expected) => {
    expect(fires(readings)).toBe(expected);
  });

  test('as a naive reader of the last readings would say', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(good, bad, none)),
        fc.integer({ min: 1, max: 6 }),
        (readings, consecutive) => {
          const told = readings.filter(({ kind }) => kind !== 'none');
          const naive = told.length >= consecutive && told.slice(-consecutive).every(({ kind }) => kind === 'bad');
          expect(fires(readings, [{ ...trigger, consecutive }])).toBe(naive);
        },
      ),
      runs(),
    );
  });
});

describe('a metric', () => {
  const above = { ...trigger, consecutive: 1, breach: { is: 'above' as const, value: 500 } };
  const value = (ms: number, inPart = false): Reading => ({ kind: 'value', value: ms, ...(inPart ? { inPart } : {}) });

  test('has a guardrail and a trigger, and they are two things', () => {
    expect(after([value(400)], [above], metric)).toMatchObject({
      standing: 'failing',
      breaches: [],
      last: '400 ms',
      value: 400,
    });
    expect(after([value(300)], [above], metric)).toMatchObject({ standing: 'clean' });
    expect(fires([value(500)], [above], metric)).toBe(false);
    expect(fires([value(500.1)], [above], metric)).toBe(true);
  });

  test('seen in part can breach but not clear', () => {
    expect(after([value(600), value(100, true)], [above], metric).breaches).toHaveLength(1);
    expect(after([value(600), value(100)], [above], metric).breaches).toEqual([]);
    expect(fires([value(600, true)], [above], metric)).toBe(true);
  });

  test('without traffic is blind, unless it may be idle; either way nothing fires and nothing is cleared', () => {
    const idle: Reading = { kind: 'idle', text: 'no traffic' };
    expect(after([value(300), idle], [above], metric).standing).toBe('blind');
    expect(after([value(300), idle], [above], { ...metric, mayBeIdle: true }).standing).toBe('idle');
    expect(after([value(600), idle], [above], metric).breaches).toMatchObject([{ trigger: 'health-down', count: 1 }]);
  });
});

test('a trigger speaks for its own check only', () => {
  const state = after([bad, bad, bad]);
  expect(firesNow(state, [trigger])).toEqual([trigger]);
  expect(firesNow(state, [{ ...trigger, check: 'ready' }])).toEqual([]);
});

test('what has fired is silent until its breach ends', () => {
  const state = after([bad, bad, bad]);
  const fired = { ...state, breaches: state.breaches.map((each) => ({ ...each, fired: true })) };
  expect(firesNow(look(fired, bad, check, [trigger]), [trigger])).toEqual([]);
  const again = [good, bad, bad, bad].reduce<TargetState>(
    (each, reading) => look(each, reading, check, [trigger]),
    fired,
  );
  expect(firesNow(again, [trigger])).toEqual([trigger]);
});

test('the first look is no news, a change is', () => {
  expect(hasFlipped(unknown, after([good]))).toBe(false);
  expect(hasFlipped(after([good]), after([good, good]))).toBe(false);
  expect(hasFlipped(after([good]), after([good, bad]))).toBe(true);
  expect(hasFlipped(after([good]), after([good, none]))).toBe(true);
});

test('each target has its own count', () => {
  expect(
    unseen([{ name: 'health' }, { name: 'ready' }], ['service', 'canary']).map(
      (each) => `${each.check}@${each.target}`,
    ),
  ).toEqual(['health@service', 'ready@service', 'health@canary', 'ready@canary']);
});
