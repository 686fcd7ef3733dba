import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

const script = fileURLToPath(new URL('../../../deploy/worker-keeper.sh', import.meta.url));
// The keeper runs in a Linux container; elsewhere there is no /proc for it to read.
const onLinux = process.platform === 'linux' ? describe : describe.skip;

let folder: string;
let mark: string;
let started: ChildProcess[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'golive-keeper-'));
  mark = `GOLIVE_TEST_${randomUUID().replaceAll('-', '')}`;
  started = [];
});

afterEach(async () => {
  for (const child of started) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

function start(
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
): { child: ChildProcess; code: Promise<number | null> } {
  const child = spawn(command, args, { stdio: 'ignore', env: { PATH: process.env['PATH'], ...env } });
  started.push(child);
  return { child, code: new Promise((resolve) => child.once('exit', resolve)) };
}

/** A worker that leaves its pid in a file and ends on TERM with code 7. */
const worker = (pids: string) => ['sh', '-c', `echo $$ >> ${pids}; trap 'exit 7' TERM; while :; do sleep 0.05; done`];

async function pidsOf(file: string, count: number): Promise<number[]> {
  for (;;) {
    const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n').filter(Boolean).map(Number);
    if (lines.length >= count) return lines;
    await sleep(20);
  }
}

onLinux('the keeper of the worker', () => {
  test('starts a killed worker again, and after a stop waits for supervisors', async () => {
    const pids = path.join(folder, 'pids');
    const env = {
      GOLIVE_KEEPER_MARK: mark,
      GOLIVE_RESTART_SECONDS: '0',
      GOLIVE_WORKER_PID_FILE: path.join(folder, 'worker.pid'),
    };
    const keeper = start('sh', [script, ...worker(pids)], env);
    const [first = 0] = await pidsOf(pids, 1);
    process.kill(first, 'SIGKILL');
    await pidsOf(pids, 2);

    const supervisor = start('sleep', ['600'], { [mark]: 'x' });
    keeper.child.kill('SIGTERM');
    expect(await Promise.race([keeper.code, sleep(1_500).then(() => 'waiting')])).toBe('waiting');
    supervisor.child.kill('SIGKILL');
    expect(await keeper.code).toBe(7);
  });

  test('ends at once with its worker when no command runs, and on a second stop even when one does', async () => {
    const pids = path.join(folder, 'pids');
    const env = { GOLIVE_KEEPER_MARK: mark, GOLIVE_WORKER_PID_FILE: path.join(folder, 'worker.pid') };
    const idle = start('sh', [script, ...worker(pids)], env);
    await pidsOf(pids, 1);
    idle.child.kill('SIGTERM');
    expect(await idle.code).toBe(7);

    start('sleep', ['600'], { [mark]: 'x' });
    const busy = start('sh', [script, ...worker(pids)], env);
    await pidsOf(pids, 2);
    busy.child.kill('SIGTERM');
    expect(await Promise.race([busy.code, sleep(500).then(() => 'waiting')])).toBe('waiting');
    busy.child.kill('SIGTERM');
    expect(await busy.code).toBe(7);
  });
});
