import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { keptByServer } from '../../../src/cli/messages/send-signal.js';
import { startDevServer } from '../../../src/temporal/dev-server.js';
import { quiet } from '../../support/quiet.js';
import { thorough } from '../../support/thorough.js';
import { startOwnWorker, type OwnWorker } from '../../temporal/own-worker.js';
import { golive } from '../golive-process.js';
import type { Answered } from './answering.workflow.js';

const STATUS = {
  environment: 'prod',
  phase: 'soaking',
  stages: [
    { name: 'canary', state: 'soaking' },
    { name: 'rolling-25', state: 'pending' },
  ],
  ineffective: [],
  alerts: [
    {
      trigger: 'p1-alert',
      since: '2026-03-01T02:00:00Z',
      running: 'fires for 3s of 2m, 7 % (cli)',
      clock: { action: 'rollback', due: '2026-03-01T02:02:00Z' },
    },
  ],
};

let folder: string;
let own: OwnWorker;

beforeAll(async () => {
  quiet();
  folder = await mkdtemp(path.join(tmpdir(), 'golive-steering-'));
  own = await startOwnWorker(await startDevServer({ uiPort: false }), '../cli/commands/answering.workflow.js', {
    taskQueue: 'answering',
  });
  await open('prod');
});
afterAll(async () => {
  await own.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const open = async (environment: string, taskQueue = 'answering') =>
  await own.client.workflow.start('answering', {
    taskQueue,
    workflowId: `go-live-${environment}`,
    args: [{ ...STATUS, environment }, 'over'],
  });
const say = (...args: string[]) =>
  golive(args, { PATH: process.env['PATH'], GOLIVE_HOME: folder, TEMPORAL_ADDRESS: own.server.address });
const lastAnswered = async () =>
  (await own.client.workflow.getHandle('go-live-prod').query<Answered>('answered')).at(-1);

test.each([
  [
    'pause',
    'Paused. The deploy of rolling-25 waits; checks, breach clocks and a command that runs go on. To go on: golive resume prod\n',
  ],
  ['resume', 'Resumed. Next: the deploy of rolling-25.\n'],
  ['promote', 'Promoted: the soak has ended. Next: the deploy of rolling-25.\n'],
])('%s sends its signal with who and why, and says what it did', async (signal, stdout) => {
  expect(await say(signal, 'prod', '--by', 'Ana', '--reason', 'looked at it')).toEqual({
    exitCode: 0,
    stdout,
    stderr: '',
  });
  expect(await lastAnswered()).toEqual([signal, { reason: 'looked at it', by: 'Ana' }]);
});

test('one without effect is refused, with the go-live’s own why', async () => {
  const nobody = await say('pause', 'prod', '--by', 'Nobody', '--reason', 'x');
  expect(nobody).toEqual({
    exitCode: 4,
    stdout: '',
    stderr: 'go-live-prod has taken the pause, and it has no effect: it may not.\n',
  });
  // The same said before is no answer to this one.
  const again = await say('pause', 'prod', '--by', 'Ana', '--reason', 'x', '--json');
  expect(JSON.parse(again.stdout)).toEqual({
    environment: 'prod',
    workflowId: 'go-live-prod',
    signal: 'pause',
    by: 'Ana',
    reason: 'x',
    recorded: true,
    answered: true,
    effect: 'done',
  });
});

test('a promotion that nobody takes is recorded, and is judged later', () => {
  expect(keptByServer('prod', 'promote').text).toBe(
    'No worker answers: none is running, or it is stuck. So nothing has happened yet. The promotion is recorded, and will be judged by the readings when a worker runs: ' +
      'golive worker (or golive up). See: golive status prod.',
  );
  expect(keptByServer('prod', 'pause').text).toContain('acts as soon as a worker is back');
});

thorough('one that nobody takes is kept, and one that nothing is said of is not called done', async () => {
  const alone = await open('alone', 'nobody');
  const soaks = await open('soaks');
  const [kept, unsaid, pending] = await Promise.all([
    say('pause', 'alone', '--by', 'Ana', '--reason', 'x'),
    say('pause', 'soaks', '--by', 'Slow', '--reason', 'x'),
    say('promote', 'soaks', '--by', 'Slow', '--reason', 'x'),
  ]);
  expect(kept).toMatchObject({
    exitCode: 6,
    stdout: expect.stringContaining(
      'No worker has answered, so nothing has happened yet. The pause is kept by the server and acts as soon as a worker is back',
    ),
  });
  expect(unsaid).toMatchObject({ exitCode: 6, stdout: expect.stringContaining("it hasn't said what it did") });
  expect(pending).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('the next readings decide') });
  await Promise.all([alone.terminate(), soaks.terminate()]);
});

test('alert sends what is said, and now where no time is, and says what is made of it', async () => {
  const before = Date.now();
  const firing = ['alert', 'prod', '--trigger', 'p1-alert', '--state', 'firing', '--value', '7 %'];
  const { exitCode, stdout } = await say(...firing, '--json');
  expect(exitCode).toBe(0);
  const document = JSON.parse(stdout) as { since: string };
  expect(document).toMatchObject({
    environment: 'prod',
    workflowId: 'go-live-prod',
    signal: 'alert',
    recorded: true,
    answered: true,
  });
  expect(Date.parse(document.since)).toBeGreaterThanOrEqual(before);
  expect(await lastAnswered()).toEqual([
    'alert',
    { trigger: 'p1-alert', state: 'firing', since: document.since, value: '7 %', source: 'cli' },
  ]);
  expect(await say('alert', 'prod', '--trigger', 'p1-alert', '--state', 'firing')).toMatchObject({
    exitCode: 0,
    stdout: 'Told go-live-prod: p1-alert fires for 3s of 2m, 7 % (cli); at 02:02:00Z it rolls back.\n',
  });
  const resolved = ['alert', 'prod', '--state', 'resolved', '--since', '2026-03-01T03:00:00+01:00', '--source', 'ana'];
  expect(await say(...resolved, '--trigger', 'p2-alert')).toMatchObject({
    exitCode: 0,
    stdout: 'Told go-live-prod: p2-alert fires no more.\n',
  });
  expect(await lastAnswered()).toEqual([
    'alert',
    { trigger: 'p2-alert', state: 'resolved', since: '2026-03-01T02:00:00.000Z', source: 'ana' },
  ]);
  expect(await say('alert', 'prod', '--trigger', 'p3', '--state', 'firing', '--source', 'Nobody')).toMatchObject({
    exitCode: 4,
    stderr:
      'go-live-prod has taken it, and it has no effect: the alert of Nobody was ignored: no external trigger "p3".\n',
  });
});

test.each([
  [['alert', 'prod', '--trigger', 'P1', '--state', 'firing'], 2, `The alert's trigger is "P1"`],
  [['alert', 'prod', '--trigger', 'p1', '--state', 'gone'], 2, 'Allowed choices are firing, resolved, unknown'],
  [['alert', 'prod', '--trigger', 'p1', '--state', 'firing', '--since', 'yesterday'], 2, 'Write a time with its zone'],
  [['pause', 'prod', '--by', 'Ana'], 2, 'Why? Say it with --reason. Nothing was sent.'],
  [['pause', 'staging', '--by', 'Ana', '--reason', 'x'], 5, 'There is no go-live go-live-staging'],
  [['alert', 'staging', '--trigger', 'p1', '--state', 'firing'], 5, 'There is no go-live go-live-staging'],
])('%j ends with %i', async (args, exitCode, why) => {
  expect(await say(...args)).toMatchObject({ exitCode, stderr: expect.stringContaining(why) });
});

test('a go-live that has ended is not steered', async () => {
  const run = await open('ended');
  await run.executeUpdate('supersede', { args: [{ by: 'Ana', reason: 'over' }] });
  await run.result();
  expect(await say('promote', 'ended', '--reason', 'x', '--by', 'Ana')).toMatchObject({
    exitCode: 4,
    stderr: expect.stringMatching(
      /^go-live-ended has ended, .*There is nothing to promote\. See: golive status ended\n$/s,
    ),
  });
});
