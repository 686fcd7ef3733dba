import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { firedTrigger, fires, look, standing, unseen, type Reading, type TargetState } from '../../src/domain/watching.js';

const clean: Reading = { ok: true, text: '200 in 4 ms' };
const failing: Reading = { ok: false, text: '503 in 4 ms' };
const unknown: TargetState = { check: 'health', target: 'service', failures: 0 };
const trigger = { name: 'health-down', check: 'health', consecutive: 3, action: 'rollback' as const };

const after = (readings: Reading[]) => readings.reduce(look, unknown);

// Playbook §4: "non-200 for > 2 consecutive checks".
describe('the third non-200 in a row fires', () => {
  test.each([
    ['nothing yet', [], false],
    ['two', [failing, failing], false],
    ['three', [failing, failing, failing], true],
    ['two, one good, two', [failing, failing, clean, failing, failing], false],
    ['two, one good, three', [failing, failing, clean, failing, failing, failing], true],
    ['every other one', [failing, clean, failing, clean, failing, clean], false],
  ])('%s', (_, readings, expected) => {
    expect(fires(trigger, after(readings))).toBe(expected);
  });

  test('as a naive reader of the last readings would say', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean()), fc.integer({ min: 1, max: 6 }), (oks, consecutive) => {
        const naive = oks.length >= consecutive && oks.slice(-consecutive).every((ok) => !ok);
        expect(fires({ consecutive }, after(oks.map((ok) => (ok ? clean : failing))))).toBe(naive);
      }),
    );
  });
});

test('a trigger speaks for its own check only', () => {
  const state = after([failing, failing, failing]);
  expect(firedTrigger([trigger], state)).toBe(trigger);
  expect(firedTrigger([{ ...trigger, check: 'ready' }], state)).toBeUndefined();
});

test('what was not looked at is neither clean nor failing', () => {
  expect(standing(unknown)).toBe('not looked at');
  expect(standing(look(unknown, clean))).toBe('clean');
  expect(standing(look(unknown, failing))).toBe('failing');
});

test('each target has its own count', () => {
  const checks = [{ name: 'health', path: '/health', every: 1, timeout: 1 }, { name: 'ready', path: '/ready', every: 1, timeout: 1 }];
  expect(unseen(checks, ['service', 'canary']).map(({ check, target }) => `${check}@${target}`)).toEqual(['health@service', 'ready@service', 'health@canary', 'ready@canary']);
});
