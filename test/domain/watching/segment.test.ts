import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Check, CheckTrigger, MetricCheck } from '../../../src/domain/plan/playbook.js';
import type { Reading } from '../../../src/domain/watching/reading.js';
import {
  firesNow,
  hasFlipped,
  isCalm,
  look,
  sightLasts,
  unseen,
  untilNextLook,
  type TargetState,
} from '../../../src/domain/watching/segment.js';
import { runs } from '../../support/property-runs.js';

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
    ['one good, two', [good, bad, bad], false],
    ['one good, three', [good, bad, bad, bad], true],
    ['four', [bad, bad, bad, bad], true],
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

test.each<[string, boolean, TargetState, TargetState]>([
  ['a first look that is good', false, unknown, after([good])],
  ['a first look that breaches', true, unknown, after([bad])],
  ['a first look that tells nothing', false, unknown, after([none])],
  ['the second bad one', false, after([bad]), after([bad, bad])],
  ['clean again', true, after([bad, bad]), after([bad, bad, good])],
  ['readings after silence', true, after([none]), after([none, good])],
  ['another breach instead', true, after([bad]), after([bad], [{ ...trigger, name: 'another' }])],
])('%s is news: %s', (_, news, before, now) => {
  expect(hasFlipped(before, now)).toBe(news);
});

// Design §5: fresh and seen are two intervals, and the time a look may take.
test.each([
  ['two intervals and a timeout', undefined, 25_000],
  ['a pace that is quicker changes nothing', 9_999, 25_000],
  ['a pace that is slower', 30_000, 65_000],
])('a check may be without a reading for so long: %s', (_, pace, lasts) => {
  expect(sightLasts(check, { pace })).toBe(lasts);
});

const calm = { ...after([good]), pace: 30_000 };
test.each<[string, TargetState, number, number]>([
  ['calm, at its pace', calm, 30_000, 30_000],
  ['calm, at a pace that is quicker by now', calm, 20_000, 20_000],
  ['calm, at a pace that is slower by now', calm, 60_000, 30_000],
  ['calm, never quicker than its interval', calm, 5_000, 10_000],
  ['calm, without a pace', after([good]), 60_000, 10_000],
  ['failing', { ...after([bad]), pace: 30_000 }, 30_000, 10_000],
  ['blind', { ...after([none]), pace: 30_000 }, 30_000, 10_000],
  ['clean, while a breach still runs', { ...calm, breaches: [{ trigger: 'x', count: 1 }] }, 30_000, 10_000],
])('%s: the next look comes after so long', (_, state, pace, next) => {
  expect(untilNextLook(check, state, pace)).toBe(next);
});

test.each([
  ['clean', true],
  ['idle', true],
  ['failing', false],
  ['blind', false],
  ['not looked at', false],
] as const)('what is %s is calm: %s', (standing, expected) => {
  expect(isCalm({ standing, breaches: [] })).toBe(expected);
});
