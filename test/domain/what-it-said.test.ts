import { describe, expect, test } from '@jest/globals';
import { checklistFault, whatItSaid } from '../../src/domain/what-it-said.js';

const TRACEBACK = 'Traceback (most recent call last):\n  File "x.py", line 1, in main\n    run()\n';

test.each([
  [
    'the last line of its errors',
    '',
    'connecting\nOSError: No space left on device\n',
    'OSError: No space left on device',
  ],
  ['of its output, if it has no errors', 'reading\nstopped: no such table\n', '', 'stopped: no such table'],
  [
    'of both, if there are both',
    'ERROR: disk full\n',
    'DeprecationWarning: x\n',
    'DeprecationWarning: x; ERROR: disk full',
  ],
  [
    'the exception of a traceback',
    '',
    `${TRACEBACK}TypeError: Decimal is not JSON serializable\n`,
    'TypeError: Decimal is not JSON serializable',
  ],
  [
    'the exception, whatever follows it',
    '',
    `${TRACEBACK}sqlalchemy.exc.OperationalError: no such table: tenants\n[SQL: SELECT 1]\n(Background on this error at: https://sqlalche.me/e/20/e3q8)\n`,
    'sqlalchemy.exc.OperationalError: no such table: tenants [SQL: SELECT 1] (Background on this error at: https://sqlalche.me/e/20/e3q8)',
  ],
  [
    'the last of two exceptions',
    '',
    `${TRACEBACK}KeyError: 'a'\n\nDuring handling of the above exception, another exception occurred:\n\n${TRACEBACK}ValueError: b\n`,
    'ValueError: b',
  ],
  ['a traceback on standard output', `${TRACEBACK}ValueError: b\n`, '', 'ValueError: b'],
  ['half a traceback', '', TRACEBACK, 'run()'],
  ['colours and tabs as blanks', '', '\u001b[31mno\tgood\u001b[0m\n', '[31mno good [0m'],
  ['nothing', '', '', 'it printed nothing'],
  ['blank lines, which is nothing', ' \n\n', '\n', 'it printed nothing'],
])('a failed command said %s', (_, stdout, stderr, words) => {
  expect(whatItSaid({ stdout, stderr })).toBe(words);
});

test('what it said is bounded', () => {
  expect(whatItSaid({ stdout: 'x'.repeat(50_000), stderr: 'y '.repeat(50_000) }).length).toBeLessThan(1_100);
});

describe('a checklist', () => {
  const row = (name: string, status: string, detail: string) =>
    `${name.padEnd(44)} ${status.padEnd(10)} ${'0.04'.padStart(10)} ${detail}\n`;
  const table = (rows: string, result: string) =>
    `\nGo-Live Checklist Summary\n${'='.repeat(108)}\n${rows}${'='.repeat(108)}\nGo-live checklist result: ${result}\n`;
  const PASSED = row('migrations:single-head', 'PASS', '0037 (head)');
  const DIRTY = row('git:working-tree-clean', 'FAIL', 'ok');

  test('passes by its result alone', () => {
    expect(checklistFault({ stdout: table(PASSED, 'PASS'), stderr: 'a warning\n' })).toBeUndefined();
  });

  test.each([
    [
      'names the check that failed',
      table(PASSED + DIRTY, 'FAIL (1 blocker(s))'),
      '',
      'no PASS: git:working-tree-clean FAIL 0.04 ok; Go-live checklist result: FAIL (1 blocker(s))',
    ],
    [
      'names some of many',
      table(DIRTY.repeat(9), 'FAIL (9 blocker(s))'),
      '',
      /( FAIL 0\.04 ok; .*){5}and 4 more; Go-live checklist result: FAIL \(9/,
    ],
    [
      'that was a dry run is none',
      table(row('a', 'DRY-RUN', 'x'), 'DRY-RUN'),
      '',
      'no PASS: Go-live checklist result: DRY-RUN',
    ],
    [
      'that broke off says why',
      `${'='.repeat(108)}\n${DIRTY}`,
      `${TRACEBACK}ImportError: alembic\n`,
      /^no PASS: git:working-tree-clean FAIL 0\.04 ok; ImportError: alembic/,
    ],
    ['with something after its result is none', `${table(PASSED, 'PASS')}bye\n`, '', 'no PASS: bye'],
    ['that printed nothing says so', '', '', 'no PASS: it printed nothing'],
  ])('%s', (_, stdout, stderr, words) => {
    const fault = checklistFault({ stdout, stderr });
    if (typeof words === 'string') expect(fault).toBe(words);
    else expect(fault).toMatch(words);
  });
});
