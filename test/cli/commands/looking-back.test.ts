import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Worker, type NativeConnection } from '@temporalio/worker';
import { outputActivities } from '../../../src/activities/commands/output-activity.js';
import { Ledger } from '../../../src/ledger/ledger.js';
import { connectWorker, embeddedTarget } from '../../../src/temporal/connection.js';
import { startDevServer } from '../../../src/temporal/dev-server.js';
import { PATIENCE_MS } from '../../support/patience.js';
import { quiet } from '../../support/quiet.js';
import { thorough } from '../../support/thorough.js';
import { startOwnWorker, type OwnWorker } from '../../temporal/own-worker.js';
import { golive, GoLiveProcess } from '../golive-process.js';
import { GOLIVE } from '../terminal-session.js';
import { situations, status } from '../watch/situations.js';

const HOST = 'golive-host-there';
const HOLD = { id: 'soak-canary', reason: 'x', choices: ['extend', 'roll-back'], openedAt: '', pages: 0, paged: [] };

/** Whoever may start a workflow may write such a memo. */
const HOSTILE = { id: '$(touch owned)', reason: 'x', choices: ['`id`'] };

let folder: string;
let own: OwnWorker;
let connection: NativeConnection;
let host: Worker;
let hostRuns: Promise<void>;
let ledger: Ledger;

beforeAll(async () => {
  quiet();
  folder = await mkdtemp(path.join(tmpdir(), 'golive-looking-back-'));
  own = await startOwnWorker(await startDevServer({ uiPort: false }), '../cli/commands/answering.workflow.js', {
    taskQueue: 'answering',
  });
  ledger = await Ledger.open(path.join(folder, 'there', 'ledger'));
  connection = await connectWorker(embeddedTarget(own.server));
  const activities = outputActivities({ ledger, shutdown: new AbortController().signal });
  host = await Worker.create({ connection, taskQueue: HOST, activities });
  hostRuns = host.run();
});
afterAll(async () => {
  if (host.getState() === 'RUNNING') host.shutdown();
  await hostRuns;
  await connection.close();
  await own.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const env = () => ({
  PATH: process.env['PATH'],
  GOLIVE_HOME: path.join(folder, 'here'),
  TEMPORAL_ADDRESS: own.server.address,
});
const say = (...args: string[]) => golive(args, env());

const COMMANDS = [
  { step: 'branch', generation: 1, state: 'exit 0', lastLine: 'main', startedAt: '2026-03-01T02:00:00.000Z' },
  { step: 'deploy', generation: 1, state: 'exit 3', lastLine: 'no room', startedAt: '2026-03-01T02:01:00.000Z' },
  { step: 'rollback', generation: 1, state: 'exit 0', lastLine: 'back', startedAt: '2026-03-01T02:02:00.000Z' },
];

/** A go-live whose commands are in the ledger of another host. */
async function open(environment: string, result: unknown = 'over', taskQueue = 'answering') {
  const workflowId = `go-live-${environment}`;
  const memo = {
    goLive: { host: HOST, phase: 'soaking', release: 'RC.3', previousRelease: 'RC.2', holds: [HOLD, HOSTILE] },
  };
  const run = await own.client.workflow.start('controlledGoLive', {
    taskQueue,
    workflowId,
    memo,
    args: [{ ...status, workflowId, environment, commands: COMMANDS }, result],
  });
  return run;
}
const end = (run: Awaited<ReturnType<typeof open>>) =>
  run.executeUpdate('supersede', { args: [{ release: 'RC.4', by: 'Ana', reason: 'over' }] });

/** Runs the deploy of a run on the other host. */
async function deploy(workflowId: string, firstExecutionRunId: string, script: string) {
  const key = { workflowId, firstExecutionRunId, step: 'deploy', generation: 1 };
  await ledger.authorise([key]);
  await ledger.run(key, {
    environment: 'prod',
    argv: ['/bin/sh', '-c', script],
    workingDirectory: folder,
    env: { PATH: process.env['PATH'] ?? '', SECRET: 'correct horse' },
    deadlineMs: 30_000,
    stopGraceMs: 100,
    secrets: ['correct horse'],
  });
}

test('the output of the step that failed last, from the host that has it and from its own ledger: the same bytes', async () => {
  const { workflowId, firstExecutionRunId } = await open('logs');
  await deploy(workflowId, firstExecutionRunId, 'printf "\\033[31mred\\000 $SECRET\\n"; echo "no room" >&2; exit 3');
  const [there, here, json, last] = await Promise.all([
    say('logs', 'logs'),
    say('logs', 'logs', 'deploy.1', '--home', path.join(folder, 'there')),
    say('logs', 'logs', '--json'),
    say('logs', 'logs', 'deploy', '-n', '1', '-f'),
  ]);
  const stdout = '\u001b[31mred\u0000 [redacted]\n';
  expect(there).toEqual({
    exitCode: 0,
    stdout,
    stderr: expect.stringMatching(
      /^deploy, attempt 1: exit 3; .* to .*; from golive-host-there, through Temporal\nno room\n$/,
    ),
  });
  expect(here).toMatchObject({ exitCode: 0, stdout });
  expect(here.stderr).toContain(`from the ledger of this host, ${path.join(folder, 'there', 'ledger')}`);
  expect(JSON.parse(json.stdout)).toMatchObject({
    environment: 'logs',
    runId: firstExecutionRunId,
    command: { step: 'deploy', generation: 1, state: 'exit 3', running: false, endedAt: expect.any(String) },
    source: { kind: 'host' },
    stdout,
    stderr: 'no room\n',
  });
  expect(last).toMatchObject({ exitCode: 0, stdout, stderr: expect.stringContaining('deploy.1: exit 3\n') });
});

test('the steps there are, also where an unknown one is named', async () => {
  await open('steps');
  const [list, unknown, both] = await Promise.all([
    say('logs', 'steps', '--list'),
    say('logs', 'steps', 'deplyo'),
    say('logs', 'steps', '-f', '--json'),
  ]);
  expect(list.stdout.split('\n').map((line) => line.slice(0, 18).trim())).toEqual([
    'branch.1    exit 0',
    'deploy.1    exit 3',
    'rollback.1  exit 0',
    '',
  ]);
  expect(unknown).toEqual({
    exitCode: 2,
    stdout: '',
    stderr:
      'This run has run no step "deplyo". It has:\n  branch.1  exit 0\n  deploy.1  exit 3\n  rollback.1  exit 0\n',
  });
  expect(both).toMatchObject({ exitCode: 2 });
});

test('follow waits for a go-live to start, tells what happens, and ends with its outcome', async () => {
  const { result } = situations['after the end'].view ?? {};
  await end(await open('followed'));
  const following = new GoLiveProcess(['follow', 'followed'], env());
  await following.says('Waiting for a go-live of followed to start');
  const run = await open('followed', { ...result, environment: 'followed' });
  await following.says('Following go-live-followed');
  await end(run);
  const { exitCode, stdout } = await following.ended;
  expect(exitCode).toBe(12);
  expect(stdout).toMatch(/^\d\d:\d\d:\d\dZ {2}begun\n/);
  expect(stdout).toContain('ROLLED-BACK: RC.2 is live again');
});

test('follow tells only what happens from now on, and leaves the go-live alone when it is interrupted', async () => {
  const run = await open('alone');
  const following = new GoLiveProcess(['follow', 'alone'], env());
  await following.says('Following go-live-alone');
  const ended = await following.end('SIGINT');
  expect(ended).toMatchObject({
    exitCode: 130,
    stdout: '',
    stderr: expect.stringContaining('the go-live itself goes on'),
  });
  expect((await run.describe()).status.name).toBe('RUNNING');
});

test('watch into a file says at once what it follows, and that no worker is there to answer', async () => {
  const run = await open('nobody', 'over', 'nobody');
  const watching = new GoLiveProcess(['watch', 'nobody'], env());
  await watching.says('Following go-live-nobody');
  const { stdout, stderr } = await watching.end('SIGINT');
  expect(stdout).toBe('');
  expect(stderr).toBe(
    `Following go-live-nobody, run ${run.firstExecutionRunId}: RC.3 ← RC.2, soaking. Open questions: soak-canary, $(touch owned). ` +
      'No worker polls nobody: nothing more is known and nothing goes on until one is back: golive worker (or golive up).\n',
  );
  await run.terminate();
});

test('history has the earlier go-lives, the newest first, with how they ended and why', async () => {
  const { result } = situations['after the end'].view ?? {};
  await end(await open('past', { ...result, environment: 'past' }));
  await (await open('past')).terminate('the host was sold');
  await open('past');
  const lines = async () => (await say('history', 'past')).stdout.trim().split('\n');
  let seen = await lines();
  // The server's list is a moment behind its runs.
  for (const until = performance.now() + PATIENCE_MS; seen.length < 4 && performance.now() < until;)
    seen = await lines();
  expect(seen.map((line) => line.replace(/^\S+ \S+Z {2}/, ''))).toEqual([
    expect.stringMatching(/^SOAKING +RC\.3 ← RC\.2 +open for .* · owner \?$/),
    expect.stringMatching(/^TERMINATED +RC\.3 ← RC\.2 +took .* · owner \? · the host was sold, by /),
    expect.stringMatching(/^ROLLED-BACK +RC\.\d ← RC\.\d +took .* · owner \? · \S/),
    expect.stringMatching(/^DORA: 1 change, 1 failed \(100 %\), time to restore /),
  ]);
  expect(JSON.parse((await say('history', 'past', '--json')).stdout)).toMatchObject({
    dora: { changes: 1, failed: 1 },
    runs: [
      { events: [] },
      { events: [] },
      {
        events: ['incident.detected', 'service.rolledback', 'incident.resolved'].map((type) => ({
          context: { type: `dev.cdevents.${type}.0.2.0` },
          subject: { content: { environment: { id: 'past' } } },
        })),
      },
    ],
  });
  const { exitCode, stdout } = await say('history', 'past', '--most', '1', '--json');
  expect({ exitCode, document: JSON.parse(stdout) as unknown }).toMatchObject({
    exitCode: 0,
    document: { environment: 'past', runs: [{ open: true, outcome: 'soaking', rollback: false }] },
  });
  expect(await say('history', 'nowhere')).toMatchObject({ exitCode: 5, stdout: '' });
});

test('bash completes commands, options, environments, holds, choices and steps; never what a shell would read otherwise', async () => {
  await open('tabbed');
  const bin = path.join(folder, 'bin');
  await mkdir(bin);
  await writeFile(path.join(bin, 'golive'), `#!/bin/sh\nexec "${process.execPath}" "${GOLIVE}" "$@"\n`);
  await chmod(path.join(bin, 'golive'), 0o755);
  const playbook = path.join(folder, 'nothing.yaml');
  const lines = [
    'golive his',
    'golive decide tabbed --hold ',
    'golive decide tabbed --hold = soak-canary --choice ro',
    'golive logs tabbed dep',
    'golive status tab',
  ];
  const tabs = lines.map((line) => {
    const words = line.split(' ').map((word) => `'${word}'`);
    return `COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; $completer; echo "\${COMPREPLY[@]}"`;
  });
  const script = `eval "$(golive completion bash)"; completer=$(complete -p golive | sed -n 's/.*-F \\([^ ]*\\) .*/\\1/p')\n${tabs.join('\n')}`;
  const said = await promisify(execFile)('bash', ['--norc', '-c', script], {
    env: { ...env(), PATH: `${bin}:${process.env['PATH']}`, GOLIVE_PLAYBOOK: playbook },
  });
  expect(said).toEqual({ stdout: 'history\nsoak-canary\nroll-back\ndeploy\ntabbed\n', stderr: '' });
});

thorough("what the run's history keeps, where the host does not answer", async () => {
  await open('away');
  host.shutdown();
  await hostRuns;
  expect(await say('logs', 'away')).toEqual({
    exitCode: 0,
    stdout: 'no room',
    stderr: expect.stringMatching(
      /from the history of the run, .* golive-host-there, through Temporal: it did not take/,
    ),
  });
});
