import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ProcTable } from '../../src/ledger/process-table.js';
import { thorough } from '../support/thorough.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
let folder: string;
beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), 'bounded-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a shell script with a limit. */
function bounded(minutes: string, script: string): Promise<{ status: unknown; output: string; log: string }> {
  const log = path.join(folder, 'log');
  const args = ['scripts/bounded-run.js', '--minutes', minutes, '--log', log, '--', '/bin/sh', '-c', script];
  return new Promise((resolve) =>
    execFile(process.execPath, args, { cwd: root }, (error, out, err) =>
      resolve({ status: error?.code ?? 0, output: out + err, log: existsSync(log) ? readFileSync(log, 'utf8') : '' }),
    ),
  );
}

const onLinux = existsSync('/proc/self/environ') ? thorough : test.skip;

onLinux(
  'at its limit it says which tests and processes ran, ends them, even a daemon that ignores TERM, and fails',
  async () => {
    const { status, output, log } = await bounded(
      '0.05',
      `echo '{"passed":7,"failed":0,"skipped":1,"running":{"a.test.js":0}}' > $GOLIVE_RUNNING_TESTS
     setsid /bin/sh -c 'trap "" TERM; while :; do sleep 1; done' &
     echo begun; wait`,
    );
    expect(status).toBe(124);
    expect(output).toBe(log);
    expect(output).toContain('begun\n');
    expect(output).toMatch(/not over after 0\.05 min/);
    expect(output).toMatch(/Test files that were running:\n {2}a\.test\.js, for \d+ s\n/);
    expect(output).toMatch(/Tests: +1 failed, 1 skipped, 7 passed/);
    const daemon = /^ {2}(\d+), for \d+ s: \/bin\/sh -c trap/m.exec(output)?.[1];
    expect(daemon).toBeDefined();
    expect((await new ProcTable().one(Number(daemon)))?.ended ?? true).toBe(true);
  },
);

onLinux('what is over before has the exit status of its command, and its daemons are ended', async () => {
  const { status, output } = await bounded('5', 'setsid sleep 62 & exit 3');
  expect(status).toBe(3);
  expect(output).toMatch(/Processes left behind, ended now:\n {2}\d+, for \d+ s: sleep 62\n/);
});

test('a limit that is none is refused', async () => {
  const { status, output } = await bounded('soon', 'true');
  expect(status).toBe(1);
  expect(output).toContain('A limit is a number of minutes');
});
