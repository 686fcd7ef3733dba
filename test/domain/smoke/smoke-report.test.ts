import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { CommandEnd } from '../../../src/domain/commands/command.js';
import {
  areasOf,
  covers,
  smokeVerdict,
  summarise,
  type Areas,
  type SmokeTest,
} from '../../../src/domain/smoke/smoke-report.js';
import { runs } from '../../support/property-runs.js';

const AREAS: Areas = {
  auth: ['*login*', '*permission*'],
  'stock-invariants': ['*stock*'],
  'transfer-actions': ['*transfer*'],
  'pos-checkout': ['*pos_checkout*'],
  'reports-exports': ['*reports_exports'],
};
const NAMES = ['t.login', 't.stock', 't.transfer', 't.pos_checkout_and_reports_exports', 't.permission'];
const exit = (exitCode: number): CommandEnd => ({ kind: 'exited', exitCode });
const tests = (states: Partial<Record<string, SmokeTest['state']>> = {}, names = NAMES): SmokeTest[] =>
  names.map((name) => ({ name, state: states[name] ?? 'passed' }));
const judge = (all: readonly SmokeTest[], end = exit(0), everyArea = true) =>
  smokeVerdict(end, summarise(all, AREAS), everyArea);

describe('patterns', () => {
  test.each<[string, string, boolean]>([
    ['*', '', true],
    ['a*c', 'abc', true],
    ['a*c', 'ac', true],
    ['a*c', 'abd', false],
    ['a*a', 'a', false],
    ['*b*b*', 'b', false],
    ['abc', 'abc', true],
    ['abc', 'abcd', false],
    ['a.c', 'abc', false],
    ['*.test_go_live_auth*', 'tests.smoke.test_go_live_validation.test_go_live_auth_login_and_me', true],
  ])('%s over %s: %s', (pattern, name, expected) => {
    expect(covers(pattern, name)).toBe(expected);
  });

  test('as a regular expression with .* would', () => {
    const few = (letters: string) => fc.string({ unit: fc.constantFrom(...letters), maxLength: 8 });
    fc.assert(
      fc.property(
        few('ab*'),
        few('ab'),
        (pattern, name) => covers(pattern, name) === new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(name),
      ),
      runs(300),
    );
  });

  test('no pattern takes long', () => {
    expect(covers('a*'.repeat(200) + 'b', 'a'.repeat(20_000))).toBe(false);
  });

  test('one test may be of two areas', () => {
    expect(areasOf('t.pos_checkout_and_reports_exports', AREAS)).toEqual(['pos-checkout', 'reports-exports']);
  });
});

describe('a pass', () => {
  test('is exit 0 with a test that passed in every area', () => {
    expect(judge(tests())).toEqual({ kind: 'pass', detail: 'exit 0, 5 passed' });
  });

  test("is a person's word", () => {
    expect(smokeVerdict({ kind: 'treated-as-done', by: 'Ana' }, { unreadable: 'x' }, true).kind).toBe('pass');
  });

  test("needs no test of each area when those are the previous release's", () => {
    expect(judge(tests({}, ['t.login']), exit(0), false).kind).toBe('pass');
  });
});

describe('a failure', () => {
  test.each<[string, SmokeTest[], CommandEnd, string]>([
    ['of an area', tests({ 't.transfer': 'failed' }), exit(1), 'exit 1, failed in transfer-actions: t.transfer'],
    [
      'of two',
      tests({ 't.pos_checkout_and_reports_exports': 'failed' }),
      exit(1),
      'failed in pos-checkout and reports-exports: t.pos_checkout',
    ],
    [
      'of none that anyone knows',
      [...tests(), { name: 't.other', state: 'failed', said: 'no' }],
      exit(1),
      'failed in unclassified: t.other (no)',
    ],
    ['although it exits 0', tests({ 't.stock': 'failed' }), exit(0), 'exit 0, failed in stock-invariants: t.stock'],
    [
      'although it was stopped after that',
      tests({ 't.stock': 'failed' }),
      { kind: 'deadline' },
      'stopped at its deadline, failed in stock-invariants',
    ],
  ])('%s', (_, all, end, words) => {
    const { kind, detail } = judge(all, end);
    expect(kind).toBe('fail');
    expect(detail).toContain(words);
  });

  test('of many tells twenty and how many more', () => {
    const all = Array.from({ length: 50 }, (_, index): SmokeTest => ({
      name: `t.login_${index}`,
      state: 'failed',
      said: 'x'.repeat(5_000),
    }));
    expect(judge(all, exit(1)).detail).toMatch(/t\.login_19 .*; 30 more$/);
    expect(JSON.stringify(summarise(all, AREAS)).length).toBeLessThan(10_000);
  });
});

describe('neither', () => {
  test.each<[string, SmokeTest[], CommandEnd, string]>([
    ['a crash of the runner', tests({}, ['t.login']), exit(3), 'exit 3, and no test failed in its report (1 passed)'],
    ['a hang', tests(), { kind: 'deadline' }, 'stopped at its deadline, and no test failed'],
    ['no tests at all', [], exit(0), 'but no test ran (0 passed)'],
    ['exit 5', [], exit(5), 'exit 5, and no test failed'],
    [
      'only skipped ones',
      tests(Object.fromEntries(NAMES.map((name) => [name, 'skipped']))),
      exit(0),
      'no test ran (0 passed, 5 skipped)',
    ],
    [
      'an area whose only test was switched off',
      tests({ 't.stock': 'not-run' }),
      exit(0),
      'but no test passed in stock-invariants (4 passed, 1 not run)',
    ],
    [
      'an area without a test',
      tests({}, NAMES.slice(0, 3)),
      exit(0),
      'but no test passed in pos-checkout, reports-exports (3 passed)',
    ],
    [
      'an area whose only test was skipped',
      tests({ 't.stock': 'skipped' }),
      exit(0),
      'but no test passed in stock-invariants (4 passed, 1 skipped)',
    ],
    [
      'a module that could not be loaded',
      [{ name: 'tests.smoke', state: 'collection', said: 'no httpx' }],
      exit(2),
      'tests could not be loaded: tests.smoke: no httpx',
    ],
    ['an end that nobody knows', tests(), { kind: 'unknown', why: 'the disk is gone', alive: [] }, 'the disk is gone'],
  ])('%s', (_, all, end, words) => {
    const { kind, detail } = judge(all, end);
    expect([kind, detail]).toEqual(['unknown', expect.stringContaining(words)]);
  });

  test('an unreadable report, whatever the exit code', () => {
    for (const code of [0, 1, 5])
      expect(smokeVerdict(exit(code), { unreadable: 'it wrote no report' }, true)).toEqual({
        kind: 'unknown',
        detail: `exit ${code}, it wrote no report`,
      });
  });
});

test('it fails exactly when a test failed, and passes only when all that is asked of it did', () => {
  const states = fc.constantFrom<SmokeTest['state']>('passed', 'skipped', 'not-run', 'failed', 'collection');
  const some = fc.array(fc.record({ name: fc.constantFrom(...NAMES, 't.other'), state: states }));
  const ends = fc.constantFrom<CommandEnd>(
    exit(0),
    exit(1),
    exit(3),
    { kind: 'deadline' },
    { kind: 'signalled', signal: 'SIGKILL' },
  );
  fc.assert(
    fc.property(some, ends, (all, end) => {
      const { kind } = judge(all, end);
      expect(kind === 'fail').toBe(all.some(({ state }) => state === 'failed'));
      const allAreas =
        ['t.stock', 't.transfer', 't.pos_checkout_and_reports_exports'].every((name) =>
          all.some((each) => each.name === name && each.state === 'passed'),
        ) && all.some(({ name, state }) => state === 'passed' && /login|permission/.test(name));
      expect(kind === 'pass').toBe(
        end.kind === 'exited' &&
          end.exitCode === 0 &&
          allAreas &&
          all.every(({ state }) => ['passed', 'skipped', 'not-run'].includes(state)),
      );
    }),
    runs(300),
  );
});
