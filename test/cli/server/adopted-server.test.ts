import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { adoptedServer } from '../../../src/cli/server/adopted-server.js';
import { lockHome } from '../../../src/cli/server/home-lock.js';
import { homeAt, type Home } from '../../../src/home.js';
import { endProcess, isRunning } from '../../../src/temporal/server-process.js';
import { runningDevServer, writeServerRecord } from '../../../src/temporal/server-record.js';

let home: Home;
const pids: number[] = [];

beforeEach(async () => {
  home = homeAt(await realpath(await mkdtemp(join(tmpdir(), 'golive-up-'))));
});

afterEach(async () => {
  await Promise.all(pids.splice(0).map((pid) => endProcess(pid, 1_000)));
  await rm(home.folder, { recursive: true, force: true, maxRetries: 5 });
});

/** A process that is called like a server, with the record of one. */
async function leftServer(): Promise<number> {
  const child = spawn(
    process.execPath,
    ['-e', 'setInterval(() => {}, 1000)', 'server', 'start-dev', '--db-filename', home.database],
    { stdio: 'ignore' },
  );
  await once(child, 'spawn');
  const pid = child.pid as number;
  pids.push(pid);
  await writeServerRecord(home.database, {
    pid,
    address: '127.0.0.1:1',
    namespace: 'default',
    logFile: join(home.folder, 'log'),
  });
  return pid;
}

test('a server that was left is taken over, stopped in order, and missed when it dies', async () => {
  expect(await adoptedServer(home.database)).toBeUndefined();

  const first = await leftServer();
  const adopted = await adoptedServer(home.database);
  expect(adopted).toMatchObject({ pid: first, address: '127.0.0.1:1', namespace: 'default' });
  expect(adopted?.cli).toMatch(new RegExp(`^${process.execPath} `));
  await adopted?.stop();
  expect([await isRunning(first), await runningDevServer(home.database)]).toEqual([false, undefined]);

  const second = await leftServer();
  const missed = await adoptedServer(home.database);
  process.kill(second, 'SIGKILL');
  expect(await missed?.ended).toBe('has ended');
});

test('a home is for one at a time, and leaves one lock however often it is taken', async () => {
  const held = await lockHome(home);
  await expect(lockHome(home)).rejects.toThrow(`golive already runs in ${home.folder} as process ${process.pid}.`);
  await held.release();
  for (let start = 0; start < 3; start += 1) await (await lockHome(home)).release();
  expect((await readdir(join(home.folder, 'up'))).sort()).toEqual(['lock.4', 'lock.4.released']);
});
