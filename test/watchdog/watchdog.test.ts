import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client, WorkflowHandle } from '@temporalio/client';
import {
  bundleWorkflowCode,
  DefaultLogger,
  Worker,
  type NativeConnection,
  type WorkflowBundle,
} from '@temporalio/worker';
import { channel as channelSchema } from '../../src/domain/plan/playbook/channel.js';
import { createLog } from '../../src/logging.js';
import { PlanStore } from '../../src/plans/plan-store.js';
import { routeNewRuns } from '../../src/temporal/current-build.js';
import { ASKS_WITHIN_MS, queueBuilds } from '../../src/temporal/queue-builds.js';
import { connectClient, connectWorker, embeddedTarget } from '../../src/temporal/connection.js';
import { dataConverter } from '../../src/temporal/data-converter.js';
import { startDevServer, type DevServer } from '../../src/temporal/dev-server.js';
import { Watchdog } from '../../src/watchdog/watchdog.js';
import { ActivityLab } from '../support/activity-lab.js';
import { ChannelService } from '../support/channel-service.js';
import { quiet } from '../support/quiet.js';
import { aris3Plan } from '../support/scripted-world.js';
import { thorough } from '../support/thorough.js';

const MINUTE = 60_000;
let server: DevServer;
let client: Client;
let connection: NativeConnection;
let workflowBundle: WorkflowBundle;
/** Each test has a task queue of its own: a watchdog looks at the runs of one. */
let queue: string;
let worker: Worker;
let working: Promise<void>;
let lab: ActivityLab;
let duty: ChannelService;
let chat: ChannelService;
let folder: string;
let told: string[];
let names = 0;

beforeAll(async () => {
  quiet();
  server = await startDevServer({ uiPort: false });
  client = await connectClient(embeddedTarget(server));
  connection = await connectWorker(embeddedTarget(server));
  workflowBundle = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('troubled.workflow.js', import.meta.url)),
    logger: new DefaultLogger('ERROR'),
  });
});
afterAll(async () => {
  await connection.close();
  await client.connection.close();
  await server.stop();
});
beforeEach(async () => {
  queue = `golive-${(names += 1)}`;
  worker = await Worker.create({ connection, dataConverter, workflowBundle, taskQueue: queue });
  working = worker.run();
  [duty, chat] = await Promise.all([ChannelService.open(), ChannelService.open()]);
  const channels = [
    { name: 'duty', kind: 'pagerduty', url: '${DUTY}', routingKey: 'key', gets: ['pages'] },
    { name: 'chat', kind: 'slack', url: '${CHAT}', gets: ['pages'], unansweredFor: '5m' },
    { name: 'news', kind: 'webhook', url: '${CHAT}', gets: ['messages'] },
  ].map((each) => channelSchema.parse(each));
  lab = await ActivityLab.open(await aris3Plan((plan) => ({ ...plan, channels })), { DUTY: duty.url, CHAT: chat.url });
  folder = await mkdtemp(join(tmpdir(), 'golive-watchdog-'));
  told = [];
});
afterEach(async () => {
  worker.shutdown();
  await working;
  await Promise.all([lab.close(), duty.close(), chat.close()]);
});

const newWatchdog = (plans = lab.dependencies.plans) =>
  new Watchdog({
    ...lab.dependencies,
    plans,
    client,
    log: createLog(),
    taskQueue: queue,
    announcementsFile: join(folder, 'announcements.jsonl'),
    console: (_, text) => told.push(text),
    alarmsFile: join(folder, 'alarms.json'),
  });
const never = new AbortController().signal;

/** Starts a run of this name in an environment of its own. */
async function begin(release: string, phase?: string, workflowId = `go-live-town${(names += 1)}`) {
  return await client.workflow.start('controlledGoLive', {
    workflowId,
    taskQueue: queue,
    workflowTaskTimeout: '1s',
    args: [{ release, planHash: lab.planHash, ...(phase === undefined ? {} : { phase }) }],
  });
}
async function until(what: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 60_000; !(await what()); await new Promise((next) => setTimeout(next, 50)))
    if (Date.now() > end) throw new Error('it did not come within a minute');
}
/** The server lists it as it is now. */
const listed = (run: WorkflowHandle, status: string) =>
  until(async () => {
    const query = `WorkflowId = '${run.workflowId}' AND ExecutionStatus = '${status}'`;
    for await (const each of client.workflow.list({ query })) if (each) return true;
    return false;
  });
const pagedOf = (service: ChannelService) =>
  service.posts.map(({ json }) => [json['event_action'] ?? 'post', json['dedup_key'] ?? '']);

test('a run that has failed is paged at once, again and wider, also by a worker that starts later, until another go-live has to do with what is live', async () => {
  const run = await begin('failed', 'hypercare');
  await expect(run.result()).rejects.toThrow();
  await listed(run, 'Failed');
  const key = `${run.workflowId}/${run.firstExecutionRunId}/ended`;
  const now = Date.now();
  await newWatchdog().look(never, now);
  expect(pagedOf(duty)).toEqual([['trigger', key]]);
  expect(told).toEqual([
    expect.stringMatching(/^The go-live of failed to town\d+ failed in the phase hypercare.*startAt is over/),
  ]);
  expect(JSON.parse(await readFile(join(folder, 'announcements.jsonl'), 'utf8'))).toMatchObject({
    workflowId: run.workflowId,
    kind: 'page',
  });
  await newWatchdog().look(never, now + 4 * MINUTE);
  expect([duty.posts.length, chat.posts.length]).toEqual([1, 0]);
  const watchdog = newWatchdog();
  await watchdog.look(never, now + 6 * MINUTE);
  expect([duty.posts.length, chat.posts.length]).toEqual([1, 1]);
  await watchdog.look(never, now + 11 * MINUTE);
  expect([duty.posts.length, chat.posts.length, told.length]).toEqual([2, 2, 2]);
  // One that is in its preflight, or was rejected there, watches nothing of what is live.
  const rejected = await begin('waits', 'preflight', run.workflowId);
  await listed(rejected, 'Running');
  await watchdog.look(never, now + 11.2 * MINUTE);
  await rejected.terminate();
  await listed(rejected, 'Terminated');
  await watchdog.look(never, now + 11.4 * MINUTE);
  await newWatchdog().look(never, now + 11.6 * MINUTE);
  expect([duty.posts.length, chat.posts.length]).toEqual([2, 2]);
  const next = await begin('waits', 'deploying', run.workflowId);
  await until(async () => (await next.describe()).memo?.['goLive'] !== undefined);
  await watchdog.look(never, now + 12 * MINUTE);
  expect(pagedOf(duty).at(-1)).toEqual(['resolve', key]);
  await watchdog.look(never, now + 25 * MINUTE);
  expect([duty.posts.length, chat.posts.length]).toEqual([3, 2]);
});

test('a run whose task fails in a row is paged after a minute; what was paged ends with it', async () => {
  const run = await begin('stuck', 'soaking');
  await until(async () => Number((await run.describe()).raw.pendingWorkflowTask?.attempt) >= 3);
  await listed(run, 'Running');
  const now = Date.now();
  const watchdog = newWatchdog();
  await watchdog.look(never, now);
  expect(duty.posts).toEqual([]);
  await watchdog.look(never, now + MINUTE + 1_000);
  expect(told).toEqual([expect.stringMatching(/stands still in the phase soaking: .*cannot read the stage/)]);
  // What comes for the run meanwhile makes the server count its tries anew: it is stuck nevertheless.
  await run.signal('abort', 'enough');
  await watchdog.look(never, now + MINUTE + 2_000);
  expect(pagedOf(duty).map(([action]) => action)).toEqual(['trigger']);
  await run.terminate('by hand');
  await watchdog.look(never, now + 2 * MINUTE);
  expect(pagedOf(duty).map(([action]) => action)).toEqual(['trigger', 'resolve', 'trigger']);
  expect(told.at(-1)).toMatch(/was terminated in the phase soaking, without an outcome: by hand, by /);
  // Somebody knows.
  await watchdog.look(never, now + 60 * MINUTE);
  expect([duty.posts.length, chat.posts.length]).toEqual([3, 0]);
});

thorough('a run whose build no worker has any more is paged, and that ends when one is back', async () => {
  worker.shutdown();
  await working;
  const versioned = (buildId: string) =>
    Worker.create({
      connection,
      dataConverter,
      workflowBundle,
      taskQueue: queue,
      workerDeploymentOptions: {
        useWorkerVersioning: true,
        version: { deploymentName: queue, buildId },
        defaultVersioningBehavior: 'PINNED',
      },
    });
  worker = await versioned('1+a');
  working = worker.run();
  expect(await routeNewRuns(client, { taskQueue: queue, buildId: '1+a' }, never)).toBeUndefined();
  const run = await begin('waits', 'hypercare');
  await until(async () => (await run.describe()).memo?.['goLive'] !== undefined);
  await listed(run, 'Running');
  worker.shutdown();
  await working;
  worker = await versioned('2+b');
  working = worker.run();
  expect(await routeNewRuns(client, { taskQueue: queue, buildId: '2+b' }, never)).toBeUndefined();
  const lastAsked = async (build: string) =>
    (await queueBuilds(client, 'default', queue, 'workflows')).pollers.find((each) => each.build === build)?.lastAsked;
  await until(async () => (await lastAsked('2+b')) !== undefined);
  // The moment from which on the one that is gone counts as gone; the other one has asked later.
  const gone = Date.parse((await lastAsked('1+a')) ?? '') + ASKS_WITHIN_MS;
  const watchdog = newWatchdog();
  await watchdog.look(never, gone - 1);
  expect(duty.posts).toEqual([]);
  await watchdog.look(never, gone);
  const key = `${run.workflowId}/${run.firstExecutionRunId}/stuck`;
  expect(pagedOf(duty)).toEqual([['trigger', key]]);
  expect(told).toEqual([
    expect.stringMatching(
      /stands still in the phase hypercare: it is pinned to build 1\+a, and no worker of that build/,
    ),
  ]);
  worker.shutdown();
  await working;
  worker = await versioned('1+a');
  working = worker.run();
  await until(async () => Date.parse((await lastAsked('1+a')) ?? '') + ASKS_WITHIN_MS > gone);
  await watchdog.look(never, gone);
  expect(pagedOf(duty).at(-1)).toEqual(['resolve', key]);
  expect(await routeNewRuns(client, { taskQueue: queue, buildId: '1+a' }, never)).toMatch(
    /^New runs don't go to this worker's build 1\+a: it has had its turn, and now they go to build 2\+b\. To change that: temporal worker/,
  );
});

test('nobody is paged for what is well, refused, or ended before it deployed anything', async () => {
  const refused = await begin('refused');
  const good = await begin('good', 'hypercare');
  await expect(refused.result()).rejects.toThrow();
  await good.result();
  const early = await begin('waits', 'preflight');
  await until(async () => (await early.describe()).memo?.['goLive'] !== undefined);
  await early.terminate();
  await listed(await begin('waits', 'hypercare'), 'Running');
  await Promise.all([listed(refused, 'Failed'), listed(early, 'Terminated')]);
  const now = Date.now();
  const watchdog = newWatchdog();
  await watchdog.look(never, now);
  await watchdog.look(never, now + MINUTE);
  expect([duty.posts, chat.posts, told]).toEqual([[], [], []]);
});

test('a channel that is down gets the page as soon as it takes it; a file of alarms that is rubbish keeps nobody from being paged', async () => {
  await writeFile(join(folder, 'alarms.json'), '[{"workflowId":');
  const run = await begin('failed', 'verifying');
  await expect(run.result()).rejects.toThrow();
  await listed(run, 'Failed');
  duty.answer = (response) => response.writeHead(503).end();
  const now = Date.now();
  const watchdog = newWatchdog();
  await watchdog.look(never, now);
  await watchdog.look(never, now + MINUTE);
  duty.answer = (response) => response.writeHead(202).end();
  await watchdog.look(never, now + 2 * MINUTE);
  await watchdog.look(never, now + 3 * MINUTE);
  expect([duty.posts.length, told.length]).toEqual([3, 1]);
});

test('a file of alarms that nobody can read keeps nobody from being paged', async () => {
  await mkdir(join(folder, 'alarms.json'));
  const run = await begin('failed', 'verifying');
  await expect(run.result()).rejects.toThrow();
  await listed(run, 'Failed');
  await newWatchdog()
    .look(never)
    .catch(() => undefined); // it can't be kept either
  expect(duty.posts.length).toBe(1);
});

test('without a plan the page is in the log, on the console and in the announcements file', async () => {
  const run = await begin('failed', 'hypercare');
  await expect(run.result()).rejects.toThrow();
  await listed(run, 'Failed');
  await newWatchdog(new PlanStore(join(folder, 'plans'), join(folder, 'no-playbook.yaml'))).look(never);
  expect([told.length, duty.posts.length]).toEqual([1, 0]);
});

test('a server that is away keeps it from nothing but this look, and it ends when it is told to', async () => {
  const over = new AbortController();
  const log = createLog();
  const warned: string[] = [];
  log.warn = ((_: unknown, text: string) => void warned.push(text)) as typeof log.warn;
  const lost = await connectClient(embeddedTarget(server));
  await lost.connection.close();
  const watching = new Watchdog({
    ...lab.dependencies,
    client: lost,
    log,
    taskQueue: queue,
    announcementsFile: join(folder, 'announcements.jsonl'),
    alarmsFile: join(folder, 'alarms.json'),
    every: 1,
  }).watch(over.signal);
  await until(() => Promise.resolve(warned.length > 0));
  over.abort();
  await watching;
  expect(warned).toEqual(['the watchdog can’t look at the runs; it tries again']);
});
