import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { integrityReading, type ReadOnlyEnd } from '../../src/domain/integrity-report.js';
import { runs } from '../support/property-runs.js';

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

describe('nothing is known', () => {
  test.each<[string, ReadOnlyEnd, string]>([
    ['of a traceback', exited(1, '', TRACEBACK), "exit 1 without a report: ModuleNotFoundError: No module named 'app'"],
    ['of an exit 0 that prints nothing', exited(0, ''), 'exit 0 without a report'],
    ['of other JSON', exited(0, '{"ok":true}'), 'exit 0 without a report: {"ok":true}'],
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
      '"check 1" is WARN, which is neither PASS nor FAIL',
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
