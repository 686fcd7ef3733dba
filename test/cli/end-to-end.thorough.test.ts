import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.js';
import type { RunView } from '../../src/cli/run/run-view.js';
import { connectClient, embeddedTarget } from '../../src/temporal/connection.js';
import { endProcess, isRunning } from '../../src/temporal/server-process.js';
import { golive, GoLiveProcess } from './golive-process.js';

/** What `golive up --json` prints. */
interface Up {
  readonly pid: number;
  readonly serverPid: number;
  readonly address: string;
  readonly environments: readonly string[];
}

const RELEASE = ['--release', 'RC.3', '--previous', 'RC.2', '--owner', 'Ana'];
const ATTESTED = [
  '--attest',
  'restoreDrill=passed',
  '--attest',
  'stagingParity=compared',
  '--attest',
  'openIncidents=none',
];

let folder: string;
let sandbox: Sandbox;
let env: NodeJS.ProcessEnv;
const started: GoLiveProcess[] = [];
const serverPids: number[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'golive-cli-'));
  sandbox = await startSandbox({ dir: join(folder, 'sandbox'), scriptMs: 20, deployPaceMs: 20, traffic: 2 });
  await sandbox.offer('RC.3', []);
  const {
    TEMPORAL_ADDRESS: _address,
    TEMPORAL_PROFILE: _profile,
    TEMPORAL_NAMESPACE: _namespace,
    ...rest
  } = process.env;
  void [_address, _profile, _namespace];
  env = { ...rest, ...sandbox.environment(), GOLIVE_HOME: join(folder, 'home'), GOLIVE_PLAYBOOK: await playbook() };
});

afterAll(async () => {
  await Promise.all(started.map((each) => each.end('SIGKILL')));
  await Promise.all(serverPids.map((pid) => endProcess(pid, 2_000)));
  await sandbox.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** The sandbox's playbook file with a first soak that lasts until somebody stops it. */
async function playbook(environment = 'sandbox'): Promise<string> {
  const text = await readFile('golive.yaml', 'utf8');
  const file = join(folder, `${environment}.yaml`);
  await writeFile(
    file,
    text
      .replace('  sandbox:\n', `  ${environment}:\n`)
      .replace('soak: { min: 5s, max: 20s, settle: 3s }', 'soak: { min: 10m, max: 20m, settle: 3s }'),
  );
  return file;
}

async function up(): Promise<GoLiveProcess & { readonly is: Up }> {
  const process_ = new GoLiveProcess(['up', '--json', '--port', '0', '--ui-port', '0'], env);
  started.push(process_);
  const is = await process_.document<Up>();
  serverPids.push(is.serverPid);
  return Object.assign(process_, { is });
}

/** Starts a run that begins in an hour. */
async function startLater(address: string, workflowId: string): Promise<void> {
  const client = await connectClient(embeddedTarget({ address, namespace: 'default' }));
  await client.workflow.start('controlledGoLive', { workflowId, taskQueue: 'golive', startDelay: '1h', args: [{}] });
  await client.connection.close();
}

async function view(...more: string[]): Promise<{ exitCode: number | null; view: RunView }> {
  const { exitCode, stdout } = await golive(['status', 'sandbox', '--json', ...more], env);
  return { exitCode, view: JSON.parse(stdout) as RunView };
}

async function until(wanted: (view: RunView) => boolean): Promise<RunView> {
  for (;;) {
    const { view: now } = await view();
    if (wanted(now)) return now;
    await sleep(300);
  }
}

test('an operator takes a go-live through a clean stop, a hard one, and an abort without a worker', async () => {
  const first = await up();
  expect(first.is.environments).toEqual(['sandbox']);
  expect(await golive(['up'], env)).toMatchObject({
    exitCode: 4,
    stderr: expect.stringMatching(new RegExp(`golive already runs in .* as process ${first.is.pid}\\.`)),
  });
  expect(await golive(['status', 'sandbox'], env)).toMatchObject({
    exitCode: 5,
    stderr: expect.stringMatching(/no go-live go-live-sandbox/),
  });

  // What is wrong with a start is said at once, and what waits for a clock isn't taken for a dead worker.
  expect(await golive(['start', 'staging', ...RELEASE], env)).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(
      /no environment "staging" in the playbook file .*It has: sandbox\. Nothing was started/,
    ),
  });
  const elsewhere = await golive(['start', 'staging', ...RELEASE, '--playbook', await playbook('staging')], env);
  expect(elsewhere).toMatchObject({
    exitCode: 1,
    stdout: expect.stringMatching(
      /There is no environment "staging" in the playbook file\. It has: sandbox\.[^]*It is tried for 30 s/,
    ),
  });
  await startLater(first.is.address, 'go-live-later');
  for (const [args, exitCode] of [
    [['status', 'later'], 0],
    [['status', 'later', '--timeline'], 0],
    [['start', 'later', ...RELEASE, '--playbook', await playbook('later')], 4],
  ] as const) {
    const { exitCode: code, stdout, stderr } = await golive(args, env);
    expect({ args, code, said: `${stdout}${stderr}` }).toEqual({
      args,
      code: exitCode,
      said: expect.stringMatching(
        /It has not begun: it waits for a cron schedule or a start delay, until .*\. End it with: temporal workflow terminate --workflow-id go-live-later/,
      ),
    });
  }

  const rehearsal = await golive(['dry-run', 'sandbox', ...RELEASE], env);
  expect(rehearsal).toMatchObject({ exitCode: 0, stderr: '' });
  expect(rehearsal.stdout.trimEnd().split('\n').at(-1)).toBe('Go-live checklist result: DRY-RUN');

  const rejected = await golive(
    [
      'start',
      'sandbox',
      '--release',
      'RC.3',
      '--previous',
      'RC.1',
      '--owner',
      'Ana',
      ...ATTESTED,
      '--attest',
      'frozenRules=tests',
      '--wait',
    ],
    env,
  );
  expect(rejected).toMatchObject({
    exitCode: 10,
    stdout: expect.stringMatching(/fail rollback target[^]*REJECTED: nothing was deployed/),
  });

  expect(await golive(['start', 'sandbox', ...RELEASE, ...ATTESTED], env)).toMatchObject({ exitCode: 0, stderr: '' });
  const second = await golive(['start', 'sandbox', ...RELEASE, '--json'], env);
  expect(second.exitCode).toBe(4);
  expect(JSON.parse(second.stdout)).toEqual({
    error: expect.stringMatching(/already runs for sandbox.*Nothing was started/),
    exitCode: 4,
  });

  await until(({ status }) => status?.holds[0]?.id === 'attest-frozen-rules');
  const decide = (...args: string[]) =>
    golive(['decide', 'sandbox', '--by', 'Ana', '--reason', 'covered by tests', ...args], env);
  expect(await decide('--choice', 'perhaps')).toMatchObject({
    exitCode: 4,
    stderr: expect.stringMatching(/Choose one of: confirm, reject/),
  });
  expect(await decide('--hold', 'gate-x', '--choice', 'confirm')).toMatchObject({
    exitCode: 4,
    stderr: expect.stringMatching(/no open hold "gate-x"/),
  });
  expect(await decide('--choice', 'confirm')).toMatchObject({
    exitCode: 0,
    stdout: 'Decided attest-frozen-rules: confirm, by Ana.\n',
  });
  await until(({ status }) => status?.phase === 'soaking');
  expect(await golive(['plan', 'sandbox', '--diff'], env)).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^Nothing differs: .* of the go-live that was started at .* and is open\.$/m),
  });
  expect(await golive(['plan', 'sandbox', '--diff', '--playbook', 'golive.yaml'], env)).toMatchObject({
    exitCode: 7,
    stdout: expect.stringMatching(/^ {2}stages\.canary\.soak\.min: 10m → 5s$/m),
  });

  // A clean stop leaves no process behind, and the run in the file.
  expect(await first.end('SIGINT')).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(/Stopped\./) });
  expect([await isRunning(first.is.pid), await isRunning(first.is.serverPid)]).toEqual([false, false]);

  const third = await up();
  expect(await until(({ status }) => status !== undefined)).toMatchObject({
    running: true,
    status: { phase: 'soaking', release: 'RC.3' },
  });

  // A hard end leaves the server without a worker.
  await third.end('SIGKILL');
  const silent = await view();
  expect(silent.exitCode).toBe(6);
  expect(silent.view).toMatchObject({
    running: true,
    remembered: { phase: 'soaking', release: 'RC.3' },
    input: { decisionOwner: 'Ana' },
  });
  expect(silent.view.queues.map(({ name }) => name.replace(/host-.*/, 'host-…'))).toEqual(
    expect.arrayContaining(['golive', 'golive-observe', 'golive-host-…']),
  );
  expect(await decide('--choice', 'extend')).toMatchObject({
    exitCode: 6,
    stderr: expect.stringMatching(/the decision was not sent/),
  });
  expect(await golive(['abort', 'sandbox', '--reason', 'checkout fails', '--by', 'Ben'], env)).toMatchObject({
    exitCode: 6,
    stdout: expect.stringMatching(/kept by the server/),
  });

  // The abort that was kept acts first, at the server that was left.
  const fourth = await up();
  expect(fourth.is.serverPid).toBe(third.is.serverPid);
  const ended = await until(({ running }) => !running);
  expect(ended.result).toMatchObject({
    outcome: 'rolled-back',
    stop: { kind: 'abort', reason: 'checkout fails', by: 'Ben' },
  });
  expect(await golive(['abort', 'sandbox'], env)).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/stopped already, rolled-back/),
  });
  expect(
    sandbox.journal().flatMap((entry) => (entry.event === 'start' ? [entry.argv.slice(-6).join(' ')] : [])),
  ).toEqual(['--env prod --strategy canary --batch 10', '--env prod --rollback --to RC.2']);

  // Stopped in order, the adopted server goes, too.
  expect(await fourth.end('SIGINT')).toMatchObject({
    exitCode: 0,
    stderr: expect.stringMatching(
      new RegExp(`A server from before still runs \\(pid ${third.is.serverPid}\\); going on with it\\.[^]*Stopped\\.`),
    ),
  });
  expect(await isRunning(third.is.serverPid)).toBe(false);

  // Its server dies underneath.
  const fifth = await up();
  process.kill(fifth.is.serverPid, 'SIGKILL');
  expect(await fifth.ended).toMatchObject({
    exitCode: 3,
    stdout: expect.stringMatching(/The Temporal server was ended by SIGKILL unexpectedly/),
  });
});

test('golive worker is told the faults of its playbook file at its start', async () => {
  // In a home without frozen plans, which nobody's rollback depends on.
  expect(await golive(['worker', '--home', join(folder, 'fresh'), '--playbook', 'nowhere.yaml'], env)).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(/nowhere\.yaml: can't be read/),
  });
});

test.each([
  [['start', 'sandbox', '--release', 'RC.3'], 2, /--previous/],
  [
    ['start', 'sandbox', '--release', 'RC 3', '--previous', 'RC.2', '--owner', 'Ana'],
    2,
    /release: must be a release tag/,
  ],
  [['start', 'sandbox', ...RELEASE, '--attest', 'weather=fine'], 2, /no attestation "weather"/],
  [['status', 'Sand box'], 2, /small letters/],
  [['up', '--port', 'seven'], 2, /whole number/],
  [['up', '--versioning', 'yes'], 2, /--versioning \(GOLIVE_VERSIONING\) is one of on, keep-current, off, not "yes"/],
  [['plan', 'staging'], 2, /no environment "staging".*sandbox/],
  [['plan', '--playbook', 'nowhere.yaml'], 2, /nowhere\.yaml: can't be read/],
  [['stauts', 'sandbox'], 2, /Did you mean status/],
  [['abort', 'sandbox', '--address', '127.0.0.1:1'], 3, /No Temporal server answered at 127\.0\.0\.1:1/],
])('golive %j ends with %i and says why, as text and as JSON', async (args, exitCode, message) => {
  const [text, json] = await Promise.all([golive(args, env), golive([...args, '--json'], env)]);
  expect(text).toMatchObject({ exitCode, stdout: '', stderr: expect.stringMatching(message) });
  expect({ exitCode: json.exitCode, stderr: json.stderr }).toEqual({ exitCode, stderr: '' });
  expect(JSON.parse(json.stdout)).toEqual({ error: expect.stringMatching(message), exitCode });
});

test('golive plan shows the hash, the missing variables, and faults by file and line', async () => {
  const { ARIS3_PASSWORD: password, ...without } = env;
  expect(password).toBeDefined();
  const [json, text] = await Promise.all([
    golive(['plan', 'sandbox', '--json'], without),
    golive(['plan', 'sandbox'], without),
  ]);
  const { hash, short, missingVariables } = JSON.parse(json.stdout) as {
    hash: string;
    short: string;
    missingVariables: string[];
  };
  expect(hash).toMatch(new RegExp(`^sha256:${short}[0-9a-f]{52}$`));
  expect(missingVariables).toEqual(['ARIS3_PASSWORD']);
  expect(text.stdout).toContain(hash);
  expect(text.stdout).toMatch(/canary +\.\/deploy\.sh --env prod --strategy canary --batch 10 \(deadline 1m\)/);

  const faulty = join(folder, 'faulty.yaml');
  await writeFile(faulty, (await readFile('golive.yaml', 'utf8')).replace('stopGrace: 3s', 'stopGrce: 3s'));
  const fault = await golive(['plan', '--playbook', faulty], env);
  expect(fault).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(/faulty\.yaml:\d+: stopGrce: unknown key\. Did you mean "stopGrace"\?/),
  });
});
