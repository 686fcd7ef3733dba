import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { deadManActivities, type PingInput, type PingReport } from '../../../src/activities/announcing/dead-man.js';
import { ActivityLab } from '../../support/activity-lab.js';
import { aris3Plan } from '../../support/scripted-world.js';
import { SmallService } from '../../support/small-service.js';
import { statusWhen, WorkflowLab, type StoppableRoom } from '../../support/workflow-lab.js';

const EVERY = 100;
const HOUR = 3_600_000;
let temporal: WorkflowLab;
let room: StoppableRoom;
let run: { workflowId: string; runId: string };
let monitor: SmallService;
let lab: ActivityLab;
const labs: ActivityLab[] = [];

/** One whose plan pings every so many milliseconds. */
async function openLab(every: number): Promise<ActivityLab> {
  const plan = await aris3Plan((each) => ({ ...each, deadMan: { url: '${MONITOR}/ping/s3cret', every } }));
  const opened = await ActivityLab.open(plan, { MONITOR: monitor.url });
  labs.push(opened);
  return opened;
}

beforeAll(async () => {
  temporal = await WorkflowLab.open();
  monitor = await SmallService.open();
  lab = await openLab(EVERY);
  room = await temporal.stoppable.room();
  const started = await temporal.client.workflow.start('controlledGoLive', {
    workflowId: `go-live-${room.environment}`,
    taskQueue: room.world.taskQueue,
    args: [room.input({ startAt: new Date(Date.now() + 3_600_000).toISOString() })],
  });
  run = { workflowId: started.workflowId, runId: started.firstExecutionRunId };
  await statusWhen(temporal.client.workflow.getHandle(run.workflowId), ({ phase }) => phase === 'scheduled');
});
afterAll(async () => {
  await Promise.all(labs.map((each) => each.close()));
  await monitor.close();
  await temporal.close();
});
beforeEach(() => {
  monitor.answer = (_, response) => response.end('OK');
  monitor.requests.length = 0;
});

const dependencies = () => ({ ...lab.dependencies, client: temporal.client });
const input = (more: Partial<PingInput> = {}): PingInput => ({
  planHash: lab.planHash,
  segmentMs: HOUR,
  newsAfterMs: 600_000,
  ...more,
});
const keepAlive = (
  more: Partial<PingInput> = {},
  info: object = {},
  with_ = dependencies(),
  environment = lab.environment({ workflowExecution: run, ...info }),
): Promise<PingReport> => environment.run(deadManActivities(with_).keepAlive, input(more));
/** When the monitor is called for the so manieth time: what it was told before has been taken by then. */
const whenPinged = (times: number, then: () => void) =>
  void (monitor.answer = (_, response) => {
    if (monitor.requests.length === times) then();
    response.end('OK');
  });
function keepAliveUntilPinged(times: number, info: object = {}): Promise<PingReport> {
  const environment = lab.environment({ workflowExecution: run, ...info });
  whenPinged(times, () => environment.cancel());
  return keepAlive({}, {}, dependencies(), environment);
}
const status = (code: number) => void (monitor.answer = (_, response) => response.writeHead(code).end());

describe('while the run answers', () => {
  test('the monitor is called at once, and then at the interval', async () => {
    const began = performance.now();
    const report = await keepAliveUntilPinged(4);
    // Three intervals lie between four pings: no timer is early by more than a millisecond.
    expect(performance.now() - began).toBeGreaterThan(3 * (EVERY - 1));
    expect(report).toEqual({ agoMs: expect.any(Number) });
    expect(monitor.requests).toMatchObject(Array(4).fill({ method: 'GET', url: '/ping/s3cret' }));
  });

  test('a segment goes on where the one before was, also when the worker has died between', async () => {
    // A ping that was so long "ago" is due in an hour.
    expect(await keepAlive({ sinceMs: -HOUR, segmentMs: 50 })).toMatchObject({ agoMs: expect.any(Number) });
    await keepAlive({ segmentMs: 50 }, { attempt: 2, heartbeatDetails: { report: { agoMs: -HOUR }, at: Date.now() } });
    expect(monitor.requests).toEqual([]);
    await keepAliveUntilPinged(1, { attempt: 2, heartbeatDetails: { report: { agoMs: 10 }, at: Date.now() - 10_000 } });
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

  test('it gives signs of life well within its heartbeat timeout, and no more often than that', async () => {
    const beats = async (heartbeatTimeoutMs?: number) => {
      const environment = lab.environment({ workflowExecution: run, heartbeatTimeoutMs });
      let heard = 0;
      environment.on('heartbeat', () => void heard++);
      await keepAlive({ sinceMs: -HOUR, segmentMs: 1_000 }, {}, dependencies(), environment);
      return heard;
    };
    expect(await beats(50)).toBeGreaterThan(1);
    expect(await beats(50)).toBeLessThanOrEqual(34);
    expect(await beats(20_000)).toBe(0);
  });

  test('one that fails is tried again sooner than the interval', async () => {
    const asked = (at: string) => monitor.requests.filter(({ url }) => url === at).length;
    const [calm, failing] = [lab.environment({ workflowExecution: run }), lab.environment({ workflowExecution: run })];
    monitor.answer = ({ url }, response) => {
      if (asked('/ping/s3cret') === 2) calm.cancel();
      response.writeHead(url === '/ping/s3cret' ? 200 : 500).end();
    };
    const more = { ...dependencies(), plans: (await openLab(1_000)).dependencies.plans };
    const tries = keepAlive({}, {}, { ...more, environment: { MONITOR: `${monitor.url}/failing` } }, failing);
    await keepAlive({}, {}, more, calm);
    failing.cancel();
    await tries;
    // Four times while the other one waits for its second.
    expect(asked('/failing/ping/s3cret')).toBeGreaterThan(2);
  });

  test.each<[string, Record<string, string>, string]>([
    ['nobody listens', { MONITOR: 'http://127.0.0.1:1' }, "the monitor can't be reached: ECONNREFUSED"],
    ['the name is unknown', { MONITOR: 'http://no-such-host.invalid' }, "the monitor can't be reached: "],
    ['the address is none', { MONITOR: 'http://[s3cret' }, "the monitor can't be reached: "],
    ["it isn't there", {}, 'this worker lacks the environment variable MONITOR'],
  ])('no address is shown when %s', async (_, environment, why) => {
    const { failing } = await keepAlive({ segmentMs: 60_000, newsAfterMs: 0 }, {}, { ...dependencies(), environment });
    expect(failing).toContain(why);
    expect(failing).not.toMatch(/s3cret|127\.0\.0\.1|invalid|http/);
  });

  test('a worker that shuts down, or a run that ends, hands over at once', async () => {
    const environment = lab.environment({ workflowExecution: run });
    whenPinged(2, () => environment.cancel());
    expect(await keepAlive({}, {}, dependencies(), environment)).toEqual({ agoMs: expect.any(Number) });
    const stopping = new AbortController();
    whenPinged(4, () => stopping.abort());
    expect(await keepAlive({}, {}, { ...dependencies(), shutdown: stopping.signal })).toEqual({
      agoMs: expect.any(Number),
    });
  });
});

test('without anybody who carries the workflow on nothing is sent; with somebody again it goes on', async () => {
  const told = { newsAfterMs: 0, sinceMs: HOUR };
  expect(await keepAlive({ newsAfterMs: 0 })).toEqual({ agoMs: expect.any(Number) });
  await room.withoutWorkflows(async () => {
    expect(await keepAlive(told)).toMatchObject({ failing: expect.stringMatching(/^the run did not answer/) });
  });
  expect(monitor.requests).toHaveLength(1);
  expect(await keepAlive({ ...told, failing: 'the run did not answer' })).toEqual({ agoMs: expect.any(Number) });
  expect(monitor.requests).toHaveLength(2);
});

test('a run that does not answer is told', async () => {
  const { failing } = await keepAlive(
    { segmentMs: 60_000, newsAfterMs: 0 },
    { workflowExecution: { ...run, workflowId: 'go-live-nowhere' } },
  );
  expect(failing).toBe('the run did not answer through the server within 5s, so nothing was sent');
  expect(monitor.requests).toEqual([]);
});
