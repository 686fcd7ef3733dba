import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { runReadOnly } from '../../../src/activities/commands/read-only-child.js';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'golive-child-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const run = (
  script: string,
  more: { deadlineMs?: number; signal?: AbortSignal; argv?: string[]; workingDirectory?: string } = {},
) =>
  runReadOnly(
    {
      argv: more.argv ?? ['sh', '-c', script],
      workingDirectory: more.workingDirectory ?? folder,
      env: { PATH: process.env['PATH'] ?? '' },
      secrets: ['correct horse'],
    },
    more.deadlineMs ?? 20_000,
    more.signal ?? new AbortController().signal,
  );

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** The pid that a script has written into its folder. */
async function pidIn(name: string): Promise<number> {
  for (;;) {
    const text = await readFile(join(folder, name), 'utf8').catch(() => '');
    if (text.endsWith('\n')) return Number(text);
    await pause(10);
  }
}
async function gone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 500 && isAlive(pid); tries += 1) await pause(10);
  return !isAlive(pid);
}

test('tells how it ended and what it printed, with secrets taken out', async () => {
  expect(await run('echo out correct horse; echo err >&2; exit 3')).toEqual({
    kind: 'exited',
    exitCode: 3,
    stdout: 'out [redacted]\n',
    stderr: 'err\n',
  });
});

test('what is cut off ends with no half of a secret or of a character', async () => {
  for (const last of ['correct horse', '\u{1f600}\u{1f600}']) {
    const { stdout } = await run(`printf "%$((1024 * 1024 - 5))s" x; printf '${last}'; sleep 1000`);
    expect(stdout.slice(-4)).toMatch(/x$|x\u{1f600}$/u);
  }
});

describe('says why it could not be run to its end', () => {
  test('a hang is ended at its deadline, with what it had said', async () => {
    const end = run('echo $$ > pid; echo waiting; sleep 1000 & wait', { deadlineMs: 500 });
    const pid = await pidIn('pid');
    expect(await end).toEqual({
      kind: 'failed',
      why: 'stopped at its deadline of 500ms',
      stdout: 'waiting\n',
      stderr: '',
    });
    expect(await gone(pid)).toBe(true);
  });

  test('one that ignores TERM is ended all the same', async () => {
    const end = run('trap "" TERM HUP; echo $$ > pid; while true; do sleep 1; done', { deadlineMs: 300 });
    const pid = await pidIn('pid');
    expect((await end).kind).toBe('failed');
    expect(await gone(pid)).toBe(true);
  });

  test('too much output', async () => {
    const end = run('echo $$ > pid; exec yes');
    const pid = await pidIn('pid');
    const { stdout, ...rest } = await end;
    expect(rest).toEqual({ kind: 'failed', why: 'stopped: it printed more than 1048576 bytes', stderr: '' });
    expect(stdout.length).toBe(1_048_576);
    expect(await gone(pid)).toBe(true);
  });

  test('a signal', async () => {
    expect(await run('kill -9 $$')).toMatchObject({ kind: 'failed', why: 'ended by SIGKILL' });
  });

  test.each([
    [['no-such-program'], undefined, 'no-such-program could not be started'],
    [['true'], '/no/such/folder', 'no directory /no/such/folder'],
    [['/'], undefined, 'EACCES'],
  ])('%j in %s', async (argv, workingDirectory, words) => {
    expect(await run('', { argv, ...(workingDirectory === undefined ? {} : { workingDirectory }) })).toMatchObject({
      kind: 'failed',
      why: expect.stringContaining(words),
    });
  });
});

test('an abort ends it with everything it started, and rejects with the reason', async () => {
  const abort = new AbortController();
  const end = run(
    'sh -c "echo \\$\\$ > child; exec sleep 1000" & env -i sleep 1000 & echo $! > stripped; echo $$ > pid; wait',
    { signal: abort.signal },
  );
  const pids = await Promise.all(['pid', 'child', 'stripped'].map(pidIn));
  abort.abort(new Error('the worker stops'));
  await expect(end).rejects.toThrow('the worker stops');
  for (const pid of pids) expect(await gone(pid)).toBe(true);
});

test('it begins nothing when it is too late already', async () => {
  await expect(run('echo $$ > pid', { signal: AbortSignal.abort(new Error('too late')) })).rejects.toThrow('too late');
  await expect(readFile(join(folder, 'pid'))).rejects.toThrow('ENOENT');
});

test('what it leaves behind is ended, and holds up nothing', async () => {
  const end = await run('sleep 1000 & echo $! > left; echo done');
  expect(end).toMatchObject({ kind: 'exited', exitCode: 0, stdout: 'done\n' });
  expect(await gone(await pidIn('left'))).toBe(true);
});

test('it gives way to everything else on the machine', async () => {
  const end = await run('until [ "$(nice)" = 5 ]; do sleep 0.01; done; echo it does');
  expect(end).toMatchObject({ kind: 'exited', exitCode: 0, stdout: 'it does\n' });
});
