import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { integrityReading, type ReadOnlyEnd } from '../../../src/domain/contracts/integrity-report.js';
import { runs } from '../../support/property-runs.js';

const exited = (exitCode: number, stdout: string, stderr = ''): ReadOnlyEnd => ({
  kind: 'exited',
  exitCode,
  stdout,
  stderr,
});
const report = (...statuses: string[]) =>
  JSON.stringify({
    results: statuses.map((status, index) => ({ name: `check ${index}`, status, details: `group ${index}` })),
    strict: true,
  });
const TRACEBACK = 'Traceback (most recent call last):\n  File "x"\nModuleNotFoundError: No module named \'app\'\n';

test('the report of a healthy ARIS3 is good', async () => {
  expect(integrityReading(exited(0, await readFile('test/fixtures/aris3/integrity-pass.json', 'utf8')))).toEqual({
    kind: 'good',
    text: '5 of 5 PASS',
  });
});

test('a FAIL is drift, by its name', () => {
  expect(integrityReading(exited(1, report('PASS', 'FAIL')))).toEqual({ kind: 'bad', text: 'check 1 FAIL: group 1' });
  expect(integrityReading(exited(1, report('FAIL', 'WARN')))).toMatchObject({ kind: 'bad' });
});

test.each([
  ['without a name', '{"status":"FAIL"}', 'result 1 FAIL'],
  [
    'with details that are no text',
    '{"name":"stock","status":"FAIL","details":{"tenant":7}}',
    'stock FAIL: {"tenant":7}',
  ],
  ['beside what is neither', '{"name":"stock","status":"FAIL"},{"name":"b","status":true}', 'stock FAIL'],
  ['in a report that counts wrong', '{"name":"stock","status":"FAIL"}],"summary":{"failed":0},"x":[1', 'stock FAIL'],
])('a FAIL %s is drift all the same', (_, results, text) => {
  expect(integrityReading(exited(1, `{"results":[${results}]}`))).toEqual({ kind: 'bad', text });
});

test('a report that sums itself up rightly, and has more keys, is good', () => {
  const more = '"total":1,"passed":true,"failed":0,"status":"PASS","ok":true,"summary":{"total":1},"at":1';
  expect(integrityReading(exited(0, `{"results":[{"name":"a \\"b\\": c","status":"PASS"}],${more}}`))).toMatchObject({
    kind: 'good',
  });
});

const PASS = { name: 'a', status: 'PASS' };

test.each<[object]>([
  [{ status: 'ok' }],
  [{ status: 'success' }],
  [{ status: 'PASSED' }],
  [{ overall: 'PASS', success: true }],
  [{ failed: [], errors: [], failures: 0, error: null }],
  [{ error: '', failed_checks: 'none', skipped: [] }],
  [{ summary: { PASS: 1, FAIL: 0, total: 1 } }],
  [{ summary: '1 passed, 0 failed' }],
  [{ truncated: false, complete: true }],
  [{ checks: 1, max_failures: 3, fail_fast: true, skip_cache: true }],
  [{ results: [{ ...PASS, ok: true, checks: [{ name: 'x', status: 'PASS' }], error: null, skipped: false }] }],
  // What a result found is data.
  [{ results: [{ ...PASS, details: { states: { succeeded: 2, failed: 1 }, status: 'FAILED' } }] }],
  [{ results: [{ ...PASS, tenant: { status: 'ACTIVE' } }] }],
])('a healthy report that has more is good: %j', (more) => {
  expect(integrityReading(exited(0, JSON.stringify({ results: [PASS], ...more })))).toMatchObject({ kind: 'good' });
});

test.each<[object, string]>([
  [{ overall: 'FAIL' }, 'overall'],
  [{ overall_status: 'degraded' }, 'overall_status'],
  [{ status: 'warning' }, 'status'],
  [{ result: 'Failed' }, 'result'],
  [{ success: false }, 'success'],
  [{ passing: false }, 'passing'],
  [{ failures: 2 }, 'failures'],
  [{ errors: ['timeout'] }, 'errors'],
  [{ error: 'no such table' }, 'error'],
  [{ errorMessage: 'no such table' }, 'errorMessage'],
  [{ failed_checks: ['b'] }, 'failed_checks'],
  [{ summary: { PASS: 1, FAIL: 1 } }, 'summary.FAIL'],
  [{ summary: { PASS: 7 } }, 'summary.PASS'],
  [{ summary: { failed_count: 1 } }, 'summary.failed_count'],
  [{ summary: '1 of 2 checks FAILED' }, 'summary'],
  [{ summary: [{ failed: 1 }] }, 'summary.0.failed'],
  [{ truncated: true }, 'truncated'],
  [{ complete: false }, 'complete'],
  [{ skipped: 2 }, 'skipped'],
  [{ checks: 8 }, 'checks'],
  [{ groups: [{ results: [{ name: 'x', status: 'FAIL' }] }] }, 'groups.0.results.0.status'],
  [{ results: [{ ...PASS, checks: [{ name: 'x', status: 'FAIL' }] }] }, 'results.0.checks.0.status'],
  [{ results: [{ ...PASS, ok: false }] }, 'results.0.ok'],
  [{ results: [{ ...PASS, error: 'no such table' }] }, 'results.0.error'],
  [{ results: [{ ...PASS, skipped: true }] }, 'results.0.skipped'],
  [{ results: [{ ...PASS, Status: 'FAIL' }] }, 'results.0.Status'],
])('nothing is known of a report that contradicts itself: %j', (more, key) => {
  const { kind, text } = integrityReading(exited(0, JSON.stringify({ results: [PASS], ...more })));
  expect(kind).toBe('none');
  expect(text).toContain(`its "${key}" is `);
  // A FAIL is one all the same.
  const failed = {
    results: [{ name: 'b', status: 'FAIL' }],
    ...more,
    ...('results' in more ? { x: more.results } : {}),
  };
  expect(
    integrityReading(exited(1, JSON.stringify({ ...failed, results: [{ name: 'b', status: 'FAIL' }] }))),
  ).toMatchObject({
    kind: 'bad',
  });
});

test('a report that is deep in itself is looked at to its ground', () => {
  const deep = `${'{"x":['.repeat(2_000)}{"status":"FAIL"}${']}'.repeat(2_000)}`;
  const { kind, text } = integrityReading(exited(0, `{"results":[{"name":"a","status":"PASS"}],"groups":${deep}}`));
  expect(kind).toBe('none');
  expect(text.length).toBeLessThan(350);
});

test('a report of very many things is looked at in a moment', () => {
  const started = performance.now();
  const many = `[${'{},'.repeat(300_000)}{"error":"x"}]`;
  const { text } = integrityReading(exited(0, `{"results":[{"name":"a","status":"PASS"}],"groups":${many}}`));
  expect(text).toContain('its "groups.300000.error" is "x"');
  expect(performance.now() - started).toBeLessThan(10_000);
});

describe('nothing is known', () => {
  test.each<[string, ReadOnlyEnd, string]>([
    ['of a traceback', exited(1, '', TRACEBACK), "exit 1 without a report: ModuleNotFoundError: No module named 'app'"],
    ['of an exit 0 that prints nothing', exited(0, ''), 'exit 0 without a report'],
    ['of other JSON', exited(0, '{"ok":true}'), 'got {"ok":true}'],
    ['of an exit 0 that prints nothing, and says so', exited(0, '\n'), 'exit 0 without a report: it printed nothing'],
    ['of a list', exited(0, '[{"name":"a","status":"PASS"}]'), 'got [{"name":"a","status":"PASS"}]'],
    ['of results in a group', exited(0, '{"results":{"a":"PASS"}}'), 'got {"results":{"a":"PASS"}}'],
    ['of the word alone', exited(0, '"PASS"'), 'got "PASS"'],
    ['of lines around a report', exited(0, `connecting\n${report('PASS')}`), 'exit 0 without a report'],
    ['of two reports', exited(0, `${report('PASS')}\n${report('PASS')}`), 'exit 0 without a report'],
    ['of NaN, as Python writes it', exited(0, report('PASS').replace('true', 'NaN')), 'exit 0 without a report'],
    ...[true, 1, null, ['PASS'], { is: 'PASS' }, 'pass', 'PASS ', ''].map((status): [string, ReadOnlyEnd, string] => [
      `of the status ${JSON.stringify(status)}`,
      exited(0, JSON.stringify({ results: [{ name: 'stock', status }] })),
      `"stock" is ${JSON.stringify(status)}, which is neither PASS nor FAIL`,
    ]),
    ['of no status', exited(0, '{"results":[{"name":"stock"}]}'), '"stock" is missing, which is neither'],
    ['of a result that is none', exited(0, '{"results":["PASS"]}'), '"result 1" is missing, which is neither'],
    ['of a name that is none', exited(0, '{"results":[{"name":7,"status":"PASS"}]}'), 'result 1 has no name'],
    [
      'of a check that is there twice',
      exited(0, '{"results":[{"name":"a","status":"PASS"},{"name":"a","status":"PASS"}]}'),
      'duplicate name "a"',
    ],
    [
      'of a status that is there twice',
      exited(0, '{"results":[{"name":"a","status":"FAIL","status":"PASS"}]}'),
      'duplicate key',
    ],
    ...[
      '"total":2',
      '"passed":0',
      '"failed":1',
      '"failed":["a"]',
      '"status":"FAIL"',
      '"ok":false',
      '"summary":{"failed":1}',
    ].map((sum): [string, ReadOnlyEnd, string] => [
      `of a report that says ${sum}`,
      exited(0, `{"results":[{"name":"a","status":"PASS"}],${sum}}`),
      'and its results come to',
    ]),
    ['of lists in lists', exited(0, '['.repeat(500_000) + ']'.repeat(500_000)), 'exit 0 without a report'],
    ['of half a report', exited(1, report('FAIL').slice(0, 30)), 'exit 1 without a report'],
    ['of a report without results', exited(0, '{"results":[]}'), 'exit 0 without a report'],
    [
      'when the exit code says more than the report',
      exited(1, report('PASS')),
      'exit 1, but every result in its report is PASS',
    ],
    ['when it says less', exited(0, report('PASS', 'FAIL')), 'exit 0, but check 1 FAIL in its report'],
    [
      'of a status that is neither',
      exited(0, report('PASS', 'WARN')),
      '"check 1" is "WARN", which is neither PASS nor FAIL',
    ],
    [
      'of a deadline',
      {
        kind: 'failed',
        why: 'stopped at its deadline of 5 ms',
        stdout: report('FAIL'),
        stderr: 'waiting for the database\n',
      },
      'stopped at its deadline of 5 ms: waiting for the database',
    ],
  ])('%s', (_, end, words) => {
    const reading = integrityReading(end);
    expect(reading.kind).toBe('none');
    expect(reading.text).toContain(words);
  });
});

test('good means all PASS and exit 0, bad a FAIL and another exit; whatever else comes is neither', () => {
  const statuses = fc.array(fc.constantFrom('PASS', 'FAIL', 'SKIP'));
  fc.assert(
    fc.property(statuses, fc.nat(3), (all, exitCode) => {
      const { kind } = integrityReading(exited(exitCode, report(...all)));
      expect(kind === 'good').toBe(exitCode === 0 && all.length > 0 && all.every((status) => status === 'PASS'));
      expect(kind === 'bad').toBe(exitCode !== 0 && all.includes('FAIL'));
    }),
    runs(),
  );
  fc.assert(
    fc.property(
      fc.string(),
      fc.integer(),
      (text, exitCode) => integrityReading(exited(exitCode, text, text)).kind === 'none',
    ),
    runs(),
  );
});

test('a real report that is cut, reordered, renamed, doubled or huge is unknown or right, never good by mistake', async () => {
  const real = JSON.parse(await readFile('test/fixtures/aris3/integrity-pass.json', 'utf8')) as {
    results: Record<string, unknown>[];
  };
  const odd = fc.constantFrom<unknown>(
    true,
    false,
    null,
    0,
    1,
    NaN,
    'PASS',
    'pass',
    'FAIL',
    [],
    {},
    ['PASS'],
    '',
    'x'.repeat(9_999),
  );
  const key = fc.constantFrom('name', 'status', 'details');
  const result = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...real.results) },
    fc.tuple(fc.constantFrom(...real.results), key, odd).map(([each, of, value]) => ({ ...each, [of]: value })),
    fc.tuple(fc.constantFrom(...real.results), key).map(([{ ...each }, of]) => {
      each[`${of}s`] = each[of];
      delete each[of];
      return each;
    }),
  );
  const text = fc.oneof(
    fc.array(result, { maxLength: 8 }).map((results) => JSON.stringify({ ...real, results })),
    fc.nat(400).map((end) => JSON.stringify(real).slice(0, end)),
    fc
      .constantFrom(1, 5_000)
      .map((times) => JSON.stringify({ results: Array.from({ length: times }, () => real.results).flat() })),
    fc
      .shuffledSubarray(Object.keys(real.results[0] ?? {}))
      .map((keys) =>
        JSON.stringify({ results: real.results.map((each) => Object.fromEntries(keys.map((of) => [of, each[of]]))) }),
      ),
  );
  fc.assert(
    fc.property(text, fc.constantFrom(0, 1), (stdout, exitCode) => {
      const { kind, text: said } = integrityReading(exited(exitCode, stdout));
      expect(said.length).toBeLessThan(350);
      const results = resultsOf(stdout);
      const names = new Set(results.map(({ name }) => name));
      const allPass =
        results.length > 0 &&
        results.every(({ name, status }) => status === 'PASS' && typeof name === 'string' && name !== '') &&
        names.size === results.length;
      if (kind === 'good') expect([exitCode, allPass]).toEqual([0, true]);
      expect(kind === 'bad').toBe(exitCode !== 0 && results.some(({ status }) => status === 'FAIL'));
    }),
    runs(),
  );
});

function resultsOf(stdout: string): Record<string, unknown>[] {
  try {
    return (JSON.parse(stdout) as { results: Record<string, unknown>[] }).results;
  } catch {
    return [];
  }
}
