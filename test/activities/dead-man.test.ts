import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { deadManActivities, type PingInput, type PingReport } from '../../src/activities/dead-man.js';
import { ActivityLab } from '../support/activity-lab.js';
import { aris3Plan } from '../support/scripted-world.js';
import { SmallService } from '../support/small-service.js';
import { statusWhen, WorkflowLab, type StoppableRoom } from '../support/workflow-lab.js';

const EVERY = 100;
let temporal: WorkflowLab;
let room: StoppableRoom;
let run: { workflowId: string; runId: string };
let monitor: SmallService;
let lab: ActivityLab;

beforeAll(async () => {
  temporal = await WorkflowLab.open();
  monitor = await SmallService.open();
  lab = await ActivityLab.open(
    await aris3Plan((plan) => ({ ...plan, deadMan: { url: '${MONITOR}/ping/s3cret', every: EVERY } })),
    { MONITOR: monitor.url },
  );
});
afterAll(async () => {
  await lab.close();
  await monitor.close();
  await temporal.close();
});
beforeEach(async () => {
  room = await temporal.stoppable.room();
  const started = await temporal.client.workflow.start('controlledGoLive', {
    workflowId: `go-live-${room.environment}`,
    taskQueue: room.world.taskQueue,
    args: [room.input({ startAt: new Date(Date.now() + 3_600_000).toISOString() })],
  });
  run = { workflowId: started.workflowId, runId: started.firstExecutionRunId };
  await statusWhen(temporal.client.workflow.getHandle(run.workflowId), ({ phase }) => phase === 'scheduled');
  monitor.answer = (_, response) => response.end('OK');
  monitor.requests.length = 0;
});

const contacts = () => ({ ...lab.contacts, client: temporal.client });
const input = (more: Partial<PingInput> = {}): PingInput => ({
  planHash: lab.planHash,
  segmentMs: 600,
  newsAfterMs: 600_000,
  ...more,
});
const keepAlive = (
  more: Partial<PingInput> = {},
  info: object = {},
  with_ = contacts(),
  environment = lab.environment({ workflowExecution: run, ...info }),
): Promise<PingReport> => environment.run(deadManActivities(with_).keepAlive, input(more));
const status = (code: number) => void (monitor.answer = (_, response) => response.writeHead(code).end());

describe('while the run answers', () => {
  test('the monitor is called at once, and then at the interval', async () => {
    const { agoMs, failing } = await keepAlive();
    expect({
      failing,
      pings: monitor.requests.every(({ method, url }) => method === 'GET' && url === '/ping/s3cret'),
    }).toEqual({ failing: undefined, pings: true });
    expect(monitor.requests.length).toBeGreaterThan(2);
    expect(monitor.requests.length).toBeLessThan(8);
    expect(agoMs).toBeLessThan(600);
  });

  test('a segment goes on where the one before was, also when the worker has died between', async () => {
    expect(await keepAlive({ sinceMs: 0, segmentMs: 50 })).toMatchObject({ agoMs: expect.any(Number) });
    await keepAlive({ segmentMs: 50 }, { attempt: 2, heartbeatDetails: { report: { agoMs: 10 }, at: Date.now() } });
    expect(monitor.requests).toEqual([]);
    await keepAlive(
      { segmentMs: 400 },
      { attempt: 2, heartbeatDetails: { report: { agoMs: 10 }, at: Date.now() - 10_000 } },
    );
    expect(monitor.requests.length).toBeGreaterThan(0);
  });

  test('the first ping is news, and so are pings that begin to fail or are taken again', async () => {
    const quick = { segmentMs: 60_000, newsAfterMs: 0 };
    expect(await keepAlive(quick)).toEqual({ agoMs: expect.any(Number) });
    status(404);
    const failed = await keepAlive({ ...quick, sinceMs: 0 });
    expect(failed).toEqual({ agoMs: expect.any(Number), failing: 'the monitor answered 404' });
    status(200);
    expect(await keepAlive({ ...quick, sinceMs: 500, failing: 'the monitor answered 404' })).toEqual({
      agoMs: expect.any(Number),
    });
  });

  test('one that fails is tried again sooner than the interval', async () => {
    status(500);
    await keepAlive({ segmentMs: 300 });
    expect(monitor.requests.length).toBeGreaterThan(3);
  });

  test.each<[string, Record<string, string>, string]>([
    ['nobody listens', { MONITOR: 'http://127.0.0.1:1' }, "the monitor can't be reached: ECONNREFUSED"],
    ['the name is unknown', { MONITOR: 'http://no-such-host.invalid' }, "the monitor can't be reached: "],
    ['the address is none', { MONITOR: 'http://[s3cret' }, "the monitor can't be reached: "],
    ["it isn't there", {}, 'this worker lacks the environment variable MONITOR'],
  ])('no address is shown when %s', async (_, environment, why) => {
    const { failing } = await keepAlive({ segmentMs: 60_000, newsAfterMs: 0 }, {}, { ...contacts(), environment });
    expect(failing).toContain(why);
    expect(failing).not.toMatch(/s3cret|127\.0\.0\.1|invalid|http/);
  });

  test('a worker that shuts down, or a run that ends, hands over at once', async () => {
    const environment = lab.environment({ workflowExecution: run });
    const pinging = keepAlive({ segmentMs: 3_600_000 }, {}, contacts(), environment);
    setTimeout(() => environment.cancel(), 250);
    expect(await pinging).toEqual({ agoMs: expect.any(Number) });
    const stopping = new AbortController();
    setTimeout(() => stopping.abort(), 50);
    await keepAlive({ segmentMs: 3_600_000 }, {}, { ...contacts(), shutdown: stopping.signal });
  });
});

test('without anybody who carries the workflow on nothing is sent; with somebody again it goes on', async () => {
  const pinging = keepAlive({ segmentMs: 12_000 });
  await sleep(300);
  await room.withoutWorkflows(async () => {
    await sleep(300); // one that was under way
    const before = monitor.requests.length;
    expect(before).toBeGreaterThan(0);
    await sleep(2_000);
    expect(monitor.requests.length).toBe(before);
  });
  const before = monitor.requests.length;
  expect(await pinging).toMatchObject({ agoMs: expect.any(Number) });
  expect(monitor.requests.length).toBeGreaterThan(before);
});

test('a run that does not answer is told', async () => {
  const { failing } = await keepAlive(
    { segmentMs: 60_000, newsAfterMs: 0 },
    { workflowExecution: { ...run, workflowId: 'go-live-nowhere' } },
  );
  expect(failing).toBe('the run did not answer through the server within 5s, so nothing was sent');
  expect(monitor.requests).toEqual([]);
});
