import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { Client } from '@temporalio/client';
import { Worker, type WorkerOptions } from '@temporalio/worker';
import { stringify } from 'yaml';
import { homeAt, type Home } from '../../src/home.js';
import { createLog } from '../../src/logging.js';
import { PlanStore } from '../../src/plans/plan-store.js';
import { connectClient, embeddedTarget } from '../../src/temporal/connection.js';
import { startDevServer, type DevServer } from '../../src/temporal/dev-server.js';
import { startGoLiveWorker, type GoLiveWorker } from '../../src/worker.js';
import { quickPlaybook } from '../support/quick-playbook.js';
import { SmallService } from '../support/small-service.js';
import { askAsWorkflow } from '../support/foreign-workflow.js';

/** What a stranger would have golive say. */
const TEXT = 'the stranger was here';

let folder: string;
let checkout: string;
let home: Home;
let server: DevServer;
let client: Client;
let service: SmallService;
let worker: GoLiveWorker;
let planHash: string;
const log: string[] = [];
const console = jest.fn();
/** What the worker really does, by queue. */
let activities: [queue: string, activity: string][];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'golive-strangers-'));
  checkout = join(folder, 'checkout');
  home = homeAt(join(folder, 'home'));
  await mkdir(checkout);
  server = await startDevServer({ uiPort: false });
  const target = embeddedTarget(server);
  client = await connectClient(target);
  service = await SmallService.open();
  const playbookFile = join(folder, 'golive.yaml');
  await writeFile(playbookFile, stringify(eager()));
  planHash = (await new PlanStore(home.plans, playbookFile).freeze('sandbox')).hash;
  const create = jest.spyOn(Worker, 'create');
  worker = await startGoLiveWorker({
    home,
    playbookFile,
    target,
    environment: variables(),
    log: createLog(lines(log)),
    console,
  });
  activities = create.mock.calls.flatMap(([{ taskQueue, activities: done }]: [WorkerOptions]) =>
    Object.keys(done ?? {}).map((name): [string, string] => [taskQueue, name]),
  );
});

afterAll(async () => {
  await worker.stop();
  await service.close();
  await client.connection.close();
  await server.stop();
});

afterEach(async () => {
  expect(await readdir(checkout)).toEqual([]);
  expect(await readdir(join(home.ledger, 'runs')).catch(() => [])).toEqual([]);
  expect(await readFile(home.announcements, 'utf8').catch(() => '')).toBe('');
  expect(await readdir(home.plans)).toHaveLength(1);
  expect(service.requests).toEqual([]);
  expect(console).not.toHaveBeenCalled();
  expect(log.join('')).not.toContain(TEXT);
});

test('the worker has activities on five queues', () => {
  const host = `golive-host-${worker.hostId}`;
  const queues = ['golive', 'golive-observe', 'golive-channels', host, `${host}-observe`];
  expect([...new Set(activities.map(([queue]) => queue))].sort()).toEqual(queues.sort());
});

test('started by itself none of them does anything, and only readOutput answers', async () => {
  const outcomes = await Promise.all(
    activities.map(async ([taskQueue, activity], number) => {
      const started = client.activity.execute(activity, {
        id: `by-hand-${number}`,
        taskQueue,
        scheduleToCloseTimeout: '20s',
        retry: { maximumAttempts: 1 },
        args: [input()],
      });
      return [activity, await started.then(JSON.stringify, whyOf)] as const;
    }),
  );
  expect(outcomes.filter(([, outcome]) => !outcome.includes('an activity started by itself is refused'))).toEqual([
    ['readOutput', expect.stringContaining('No command is asked for')],
  ]);
  // In a process where another test was first the SDK logs there. The answer may be there before the line.
  if (!log.some((line) => line.includes('"sdkComponent"'))) return;
  const told = () => log.find((line) => line.includes('"by-hand-0"'));
  for (let tries = 0; told() === undefined && tries < 200; tries += 1) await pause(50);
  const refused = JSON.parse(told() ?? '{}') as { err?: { message: string } };
  expect(refused).toMatchObject({
    taskQueue: 'golive',
    activityType: activities[0]?.[1],
    activityRunId: expect.any(String),
  });
  expect(refused.err?.message).toContain('is refused');
});

test.each([
  ['of another type', { type: 'strange', workflowId: 'go-live-sandbox' }],
  ['with an ID of its own', { type: 'controlledGoLive', workflowId: 'mine' }],
  ['for another environment', { type: 'controlledGoLive', workflowId: 'go-live-elsewhere' }],
])("a stranger's workflow %s gets nothing done", async (_, who) => {
  const asked = activities.filter(([, name]) => name !== 'readOutput');
  const failures = await askAsWorkflow(client, who, asked, input());
  expect(failures).toHaveLength(asked.length);
  expect(failures.filter((failure) => !failure.includes('is refused'))).toEqual([]);
});

test('a task for no activity of a queue leaves none of its input in the log', async () => {
  const handle = await client.activity.start('nobodyKnows', {
    id: 'nobody',
    taskQueue: 'golive',
    startToCloseTimeout: '5s',
    retry: { maximumAttempts: 1 },
    args: [TEXT],
  });
  expect(await handle.result().catch(whyOf)).toContain('is not registered');
});

/** An input with which each of the activities has something to do. */
function input(): object {
  const workflowId = 'go-live-sandbox';
  return {
    planHash,
    environment: 'sandbox',
    workflowId,
    firstExecutionRunId: 'x',
    originalRunId: 'x',
    step: 'rollback',
    generation: 1,
    commands: [{ step: 'rollback', generation: 1 }],
    values: { release: 'RC.3', previousRelease: 'RC.2' },
    choice: 'retry',
    by: 'x',
    reason: TEXT,
    kind: 'page',
    text: TEXT,
    channel: 'ops',
    post: {
      kind: 'message',
      event: 'started',
      text: TEXT,
      at: new Date().toISOString(),
      workflowId,
      environment: 'sandbox',
    },
    release: 'RC.2',
    stage: 'canary',
    item: 'stagingParity',
    withinMs: 500,
    segmentMs: 500,
    newsAfterMs: 0,
    states: [],
    manifest: 'manifest.json',
    printed: 'report.json',
    signature: 'x',
    at: Date.now(),
  };
}

/** The sandbox's playbook, each of whose commands leaves a file. */
function eager(): object {
  const playbook = quickPlaybook() as unknown as {
    verify: { integrity: object };
    rollback: { run: string };
    preflight: Record<string, object>;
  };
  playbook.verify.integrity = { run: 'touch integrity', deadline: '5s' };
  playbook.rollback.run = 'touch rollback';
  playbook.preflight['stagingParity'] = { url: '${GOLIVE_SANDBOX_URL}/parity', deadline: '2s' };
  const at = '${GOLIVE_SANDBOX_URL}';
  return {
    ...playbook,
    channels: [{ name: 'ops', kind: 'webhook', url: `${at}/chat` }],
    deadMan: { url: `${at}/ping`, every: '1m' },
  };
}

function variables(): Record<string, string | undefined> {
  const { url } = service;
  return {
    PATH: process.env['PATH'],
    GOLIVE_SANDBOX_URL: url,
    GOLIVE_SANDBOX_DISCOVERY_URL: url,
    GOLIVE_SANDBOX_CANARY_URL: url,
    GOLIVE_SANDBOX_CHECKOUT: checkout,
    GOLIVE_SANDBOX_PREVIOUS_CHECKOUT: checkout,
    GOLIVE_SANDBOX_ARTIFACTS: checkout,
    GOLIVE_SANDBOX_BIN: '/usr/bin',
    GOLIVE_SANDBOX_DATABASE_URL: 'none',
    ARIS3_USERNAME: 'ann',
    ARIS3_PASSWORD: 'correct horse',
  };
}

const lines = (into: string[]) =>
  new Writable({
    write(chunk: Buffer, _, done) {
      into.push(chunk.toString());
      done();
    },
  });

const whyOf = (error: unknown): string => {
  const { message, cause } = error as Error;
  return cause ? whyOf(cause) : message;
};
