import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseJunit } from '../../../src/activities/smoke/junit-report.js';
import { smokeVerdict, summarise, type Areas, type SmokeVerdict } from '../../../src/domain/smoke/smoke-report.js';
import { runs } from '../../support/property-runs.js';
import { thorough } from '../../support/thorough.js';

const AREAS: Areas = {
  auth: ['*login*', "*the till's*"],
  'stock-invariants': ['*stock*'],
  'transfer-actions': ['*transfer*'],
  'pos-checkout': ['*checkout*'],
  'reports-exports': ['*exports*'],
};

/** The verdict of a command that exits 0, as if nothing had been wrong. */
function verdict(text: string): SmokeVerdict {
  const tests = parseJunit(text);
  const evidence = Array.isArray(tests) ? summarise(tests, AREAS) : { unreadable: tests.why };
  return smokeVerdict({ kind: 'exited', exitCode: 0 }, evidence, true);
}

const report = (writer: string) => readFileSync(`test/fixtures/junit/${writer}.xml`, 'utf8');

const WRITERS: [string, SmokeVerdict['kind'], string][] = [
  ['pytest', 'fail', 'pos-checkout and reports-exports: smoke.test_checkout_and_exports (assert 502 == 200)'],
  ['gotestsum', 'pass', 'exit 0, 5 passed'],
  ['jest', 'unknown', 'exit 0, but no test passed in transfer-actions (4 passed, 1 skipped)'],
  ['surefire', 'fail', 'exit 0, failed in stock-invariants: smoke.Smoke.stock (totals differ)'],
  ['googletest', 'unknown', 'exit 0, but no test passed in auth (4 passed, 2 not run)'],
  ['phpunit', 'fail', 'exit 0, failed in unclassified: Till.test_opens (the till stays closed)'],
];

test.each(WRITERS)('what %s writes is a %s', (writer, kind, detail) => {
  expect(verdict(report(writer))).toEqual({ kind, detail: expect.stringContaining(detail) });
});

describe('a report that has been tampered with', () => {
  const at = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
  const place = (text: string, where: number) => Math.floor(where * text.length);
  /** The elements of one kind, with all that is in them. */
  const tests = (text: string) => [...text.matchAll(/<testcase[^>]*?(?:\/>|>[\s\S]*?<\/testcase>)/g)];
  const one = (text: string, where: number) => tests(text)[Math.floor(where * tests(text).length)];

  /** The same, unless it was run again: of such a test the last record counts, and another order is another report. */
  const once = (text: string, where: number) => {
    const found = one(text, where)?.[0] ?? '';
    const name = / name="[^"]*"/.exec(found)?.[0];
    return name !== undefined && text.split(name).length === 2 ? found : '';
  };

  const mutation = fc.oneof(
    at.map((where) => ({ what: 'cut off', of: (text: string) => text.slice(0, place(text, where)) })),
    fc.tuple(at, at).map(([from, length]) => ({
      what: 'cut out',
      of: (text: string) => {
        const start = place(text, from);
        return text.slice(0, start) + text.slice(start + Math.ceil(length * 100));
      },
    })),
    at.map((where) => ({
      what: 'a test left out',
      of: (text: string) => text.replace(once(text, where), ''),
    })),
    fc.tuple(at, at).map(([from, to]) => ({
      what: 'moved',
      of: (text: string) => {
        const moved = once(text, from);
        const rest = text.replace(moved, '');
        const before = one(rest, to)?.index ?? 0;
        return rest.slice(0, before) + moved + rest.slice(before);
      },
    })),
    fc.tuple(at, fc.constantFrom(1, 2, 500)).map(([where, times]) => ({
      what: 'doubled',
      of: (text: string) => text.replace(one(text, where)?.[0] ?? '', (each) => each.repeat(1 + times)),
    })),
    fc.tuple(at, at).map(([from, to]) => ({
      what: 'a piece written twice',
      of: (text: string) => text.slice(0, place(text, to)) + text.slice(place(text, from)),
    })),
    fc
      .tuple(
        fc.constantFrom(
          'testsuites',
          'testsuite',
          'testcase',
          'failure',
          'error',
          'skipped',
          'status',
          'result',
          'tests',
        ),
        fc.constantFrom('', 'x', 'Failure', 'properties', 'system-out', 'system-err', 'testsuite', 'a:b'),
        fc.boolean(),
      )
      // A test with output where it was marked as skipped, and no total of skipped ones: that is a report of a test that passed.
      .filter(([from, to]) => from !== 'skipped' || !['properties', 'system-out', 'system-err'].includes(to))
      .map(([from, to, everywhere]) => ({
        what: 'renamed',
        of: (text: string) => (everywhere ? text.replaceAll(from, to) : text.replace(from, to)),
      })),
    fc.tuple(at, fc.constantFrom('x', '<x>', '&#120;', '<!--', '\u{1f600}', ' ')).map(([where, filler]) => ({
      what: 'huge',
      of: (text: string) => text.slice(0, place(text, where)) + filler.repeat(20_000) + text.slice(place(text, where)),
    })),
  );

  test.each(WRITERS)('by %s is unknown or right, never green by mistake', (writer, kind) => {
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 2 }), (mutations) => {
        const text = mutations.reduce((mutated, { of }) => of(mutated), report(writer));
        const judged = verdict(text).kind;
        expect(kind === 'pass' ? ['pass', 'unknown'] : ['fail', 'unknown']).toContain(judged);
      }),
      runs(60),
    );
  });
});

thorough('the largest report takes seconds, whatever is in it', () => {
  const [size, started] = [4 * 1024 * 1024, performance.now()];
  for (const piece of ['<a>', '<testcase name="a"/>', '<!--', '<a b="'])
    verdict(`<testsuite>${piece.repeat(size / piece.length)}</testsuite>`);
  expect(performance.now() - started).toBeLessThan(60_000);
});
