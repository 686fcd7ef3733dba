import { describe, expect, test } from '@jest/globals';
import { checklistFault, errorSaid, whatItSaid } from '../../../src/domain/commands/what-it-said.js';

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

test.each<[string, string, string]>([
  [
    'Node',
    "/app/backup.mjs:3\nthrow new Error('disk quota exceeded');\n      ^\n\nError: disk quota exceeded\n    at file:///app/backup.mjs:3:7\n    at ModuleJob.run (node:internal/modules/esm/module_job:325:25)\n\nNode.js v20.20.2\n",
    'Error: disk quota exceeded',
  ],
  [
    'Node, with properties',
    "Error: ENOSPC: no space left\n    at Object.openSync (node:fs:573:18) {\n  errno: -28,\n  code: 'ENOSPC'\n}\n\nNode.js v20.20.2\n",
    "Error: ENOSPC: no space left; code: 'ENOSPC'",
  ],
  [
    'Java',
    'Exception in thread "main" java.lang.IllegalStateException: no space left\n\tat Backup.main(Backup.java:5)\nCaused by: java.io.IOException: No space left on device\n\tat Backup.write(Backup.java:9)\n\t... 1 more\n',
    'Caused by: java.io.IOException: No space left on device',
  ],
  [
    'a group of exceptions',
    '  + Exception Group Traceback (most recent call last):\n  |   File "/tmp/x.py", line 1, in <module>\n  |     raise ExceptionGroup("backup", [])\n  | ExceptionGroup: backup (1 sub-exception)\n  +-+---------------- 1 ----------------\n    | ValueError: Decimal is not JSON serializable\n    +------------------------------------\n',
    'ValueError: Decimal is not JSON serializable',
  ],
  [
    'psql',
    'ERROR:  relation "stok" does not exist\nLINE 1: select * from stok\n                      ^\n',
    'ERROR: relation "stok" does not exist',
  ],
  [
    'Rust',
    "thread 'main' panicked at src/main.rs:2:5:\nno space left on device\nnote: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n",
    "thread 'main' panicked at src/main.rs:2:5:; no space left on device",
  ],
  [
    'Go',
    'panic: no space left on device\n\ngoroutine 1 [running]:\nmain.main()\n\t/app/main.go:4 +0x2c\nexit status 2\n',
    'panic: no space left on device',
  ],
  [
    'npm',
    'npm ERR! code ELIFECYCLE\nnpm ERR! errno 1\nnpm ERR! backup: disk quota exceeded\nnpm ERR! A complete log of this run can be found in:\nnpm ERR!     /root/.npm/_logs/2026-01-01T00_00_00_000Z-debug-0.log\n',
    'npm ERR! backup: disk quota exceeded',
  ],
  [
    'Ruby',
    "backup.rb:1:in `write': No space left on device (Errno::ENOSPC)\n\tfrom backup.rb:5:in `<main>'\n",
    "backup.rb:1:in `write': No space left on device (Errno::ENOSPC)",
  ],
  [
    'a command that cleans up',
    'pg_dump: error: connection to server failed: FATAL:  password authentication failed\ncleaning up\n',
    'pg_dump: error: connection to server failed: FATAL: password authentication failed; cleaning up',
  ],
  [
    'Python of its own grammar',
    '  File "/app/x.py", line 3\n    def f(\n         ^\nSyntaxError: \'(\' was never closed\n',
    "SyntaxError: '(' was never closed",
  ],
  ['one with nothing but such lines', 'Node.js v20.20.2\n', 'Node.js v20.20.2'],
  ['Windows', 'Error: no space\r\n    at x (y.js:1:2)\r\n\r\nNode.js v20.20.2\r\n', 'Error: no space'],
])('of %s the error, not what stands below it', (_, stderr, words) => {
  expect(whatItSaid({ stdout: '', stderr })).toBe(words);
  expect(whatItSaid({ stdout: stderr, stderr: '' })).toBe(words);
});

test('an error with much behind it is told as well as the end', () => {
  const said = whatItSaid({ stdout: '', stderr: `ERROR: ${'x'.repeat(900)}\nnothing was saved\n` });
  expect(said).toMatch(/^ERROR: x+…; nothing was saved$/);
  expect(said.length).toBeLessThan(510);
});

test('what it said is found at once, whatever it is', () => {
  const started = performance.now();
  for (const piece of ['+-', 'a.b(', ' ', '| ', 'Error ', 'npm ERR! ', '+', '\\n', '   at '])
    for (const end of ['', 'x', '1', '('])
      whatItSaid({ stdout: '', stderr: `Error: a\n${piece.repeat(60_000 / piece.length)}${end}\nb` });
  expect(performance.now() - started).toBeLessThan(10_000);
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

test.each([
  ['its errors alone, where its output tells how far it came', '[1/8] slot 3\n', 'slot 4 refused\n', 'slot 4 refused'],
  [
    'the error above a last line that says less',
    '',
    'fatal: no route to slot 4\nstopped\n',
    'fatal: no route to slot 4; stopped',
  ],
  ['its output where it has no errors', 'slot 4 refused\n', '', 'slot 4 refused'],
  ['nothing', '', '', ''],
])('of a command with progress: %s', (_, stdout, stderr, said) => expect(errorSaid({ stdout, stderr })).toBe(said));
