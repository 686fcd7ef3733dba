import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { endProcess, isRunning } from '../../../src/temporal/server-process.js';
import { golive, GoLiveProcess } from '../golive-process.js';

const STOPPED = 'Stopped while starting, by SIGTERM.\n';

let folder: string;
let env: NodeJS.ProcessEnv;
const started: GoLiveProcess[] = [];
/** What scripts run as, until that is seen to be gone. */
const left = new Set<number>();
/** Takes connections and never says a word. */
let silent: Server;
let silentAddress: string;

beforeAll(async () => {
  silent = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  silentAddress = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
});
afterAll(() => void silent.close());

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'golive-stop-'));
  env = { PATH: process.env['PATH'], HOME: folder, GOLIVE_HOME: join(folder, 'home'), GOLIVE_PLAYBOOK: 'golive.yaml' };
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((each) => each.end('SIGKILL')));
  await Promise.all([...left].map((pid) => endProcess(pid, 0)));
  left.clear();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

function run(args: readonly string[], more: NodeJS.ProcessEnv = {}): GoLiveProcess {
  const process_ = new GoLiveProcess(args, { ...env, ...more });
  started.push(process_);
  return process_;
}

async function script(name: string, ...lines: string[]): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, ['#!/bin/sh', ...lines, ''].join('\n'));
  await chmod(file, 0o755);
  return file;
}

/** The process ids that a script has written, once they are there. */
async function pidsIn(file: string, of: GoLiveProcess): Promise<number[]> {
  let ended: unknown;
  void of.ended.then((how) => (ended = how));
  for (;;) {
    const text = await readFile(join(folder, file), 'utf8').catch(() => '');
    if (text.endsWith('\n')) {
      const pids = text.trim().split(' ').map(Number);
      pids.forEach((pid) => left.add(pid));
      return pids;
    }
    if (ended) throw new Error(`golive ended before ${file} was written: ${JSON.stringify(ended)}`);
    await sleep(20);
  }
}

/** They may take a moment to go; one that stays holds the test up until it fails. */
async function gone(pids: readonly number[]): Promise<void> {
  for (const pid of pids) {
    while (await isRunning(pid)) await sleep(20);
    left.delete(pid);
  }
}

/** Makes a pipe and returns what waits until golive reads from it, where it then waits for ever. */
function pipe(name: string): { file: string; isRead: () => Promise<{ close(): Promise<void> }> } {
  const file = join(folder, name);
  execFileSync('mkfifo', [file]);
  return { file, isRead: () => open(file, 'w') };
}

test('a stop while the server of golive up starts ends both, also a server that will not go', async () => {
  const cli = await script(
    'temporal',
    '[ "$1" = --version ] && echo "temporal version 1.9.1" && exit',
    "trap '' TERM INT HUP",
    'sleep 1000 &',
    `echo $$ $! > ${join(folder, 'pids')}`,
    'wait',
  );
  const up = run(['up', '--port', '0', '--ui-port', '0'], { TEMPORAL_CLI: cli });
  const pids = await pidsIn('pids', up);
  expect(pids).toHaveLength(2);
  expect(await up.end('SIGINT')).toEqual({
    exitCode: 130,
    stdout: '',
    stderr: 'Stopped while starting, by SIGINT.\n',
  });
  await gone(pids);
  expect((await readdir(join(folder, 'home'))).filter((name) => /server\.json|draft/.test(name))).toEqual([]);
});

test('a stop while the Temporal CLI is asked for its version ends that, too', async () => {
  const cli = await script('temporal', `echo $$ > ${join(folder, 'pids')}`, 'exec sleep 1000');
  const up = run(['up'], { TEMPORAL_CLI: cli });
  const pids = await pidsIn('pids', up);
  expect(await up.end('SIGHUP')).toMatchObject({ exitCode: 129, stderr: 'Stopped while starting, by SIGHUP.\n' });
  await gone(pids);
});

test('a stop while the Temporal CLI is fetched ends that and leaves nothing of it', async () => {
  await script('python3', `echo $$ > ${join(folder, 'pids')}`, 'exec /bin/sleep 1000');
  const up = run(['up'], { PATH: folder });
  const pids = await pidsIn('pids', up);
  expect(await up.end('SIGTERM')).toMatchObject({
    exitCode: 143,
    stderr: expect.stringMatching(/^Fetching .*\nStopped while starting, by SIGTERM\.\n$/),
  });
  await gone(pids);
  expect(await readdir(join(folder, '.cache', 'golive'))).toEqual([]);
});

test.each([
  ['up', 'the playbook file', ['up', '--playbook']],
  ['worker', 'the playbook file', ['worker', '--playbook']],
  ['receive', 'the token', ['receive', '--token-file']],
])('a stop while golive %s reads %s from a pipe ends it', async (_command, _what, args) => {
  const { file, isRead } = pipe('pipe');
  const process_ = run([...args, file]);
  const writer = await isRead();
  expect(await process_.end('SIGTERM')).toEqual({ exitCode: 143, stdout: '', stderr: STOPPED });
  await writer.close();
});

test.each(['worker', 'receive'])(
  "a stop while golive %s reads Temporal's configuration from a pipe ends it",
  async (command) => {
    const { file, isRead } = pipe('pipe');
    const process_ = run([command], { TEMPORAL_CONFIG_FILE: file });
    const writer = await isRead();
    expect(await process_.end('SIGTERM')).toMatchObject({ exitCode: 143, stderr: STOPPED });
    await writer.close();
  },
);

test.each([
  ['worker', ['worker'], STOPPED],
  ['receive', ['receive'], STOPPED],
  ['status --watch', ['status', 'prod', '--watch'], ''],
  ['start --wait', ['start', 'prod', '--release', 'RC.3', '--previous', 'RC.2', '--owner', 'Ana', '--wait'], ''],
])('a stop while golive %s waits for a server that says nothing ends it', async (_title, args, stderr) => {
  const connected = once(silent, 'connection');
  const process_ = run([...args, '--address', silentAddress]);
  await connected;
  expect(await process_.end('SIGTERM')).toMatchObject({ exitCode: 143, stderr });
});

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux.each(['up', 'worker'])('golive %s in a folder that can not be says so at once', async (command) => {
  const args = command === 'worker' ? ['--address', silentAddress] : [];
  expect(await golive([command, ...args, '--home', '/proc/golive/home'], env)).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(
      /^golive can't keep its things in \/proc\/golive\/home: ENOENT.*, mkdir '\/proc\/golive'\. Name a folder .* --home or GOLIVE_HOME\.\n$/,
    ),
  });
});
