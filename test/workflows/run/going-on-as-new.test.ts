import { Context } from '@temporalio/activity';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseDuration } from '../../../src/domain/time/duration.js';
import type { GoLiveResult, GoLiveStatus } from '../../../src/domain/run/status.js';
import { hypercareFor } from '../../support/hypercare-for.js';
import { hypercareWith } from '../../support/hypercare-story.js';
import { untilCancelled } from '../../support/scripted-world.js';
import { thorough } from '../../support/thorough.js';
import { fastForwardTo } from '../../support/time-skipping.js';
import {
  decide,
  momentOf,
  openHold,
  statusWhen,
  whatHappened,
  WorkflowLab,
  type GoLiveHandle,
  type Room,
} from '../../support/workflow-lab.js';

/** A server that suggests a new run early, so that hours of hypercare are several runs. */
let lab: WorkflowLab;
beforeAll(async () => {
  lab = await WorkflowLab.open({ 'limit.historyCount.suggestContinueAsNew': 400 });
});
afterAll(() => lab.close());

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const long = (hours: number) => (plan: Parameters<NonNullable<Parameters<WorkflowLab['room']>[0]>>[0]) => ({
  ...plan,
  hypercare: hypercareFor(hours * HOUR),
});
const GOES_ON = 'the history has grown long: continued as a new run';
const times = (result: GoLiveResult) => whatHappened(result).filter((what) => what === GOES_ON).length;

/** How many runs a chain has. Each of them is replayed at the end of its test, as is every history. */
async function runsOf(handle: GoLiveHandle): Promise<number> {
  const runs: string[] = [];
  for await (const run of lab.client.workflow.list({ query: `WorkflowId = '${handle.workflowId}'` }))
    runs.push(run.runId);
  return runs.length;
}
/** Latency flaps for ten minutes of each hour, which makes history, and is quiet in between. */
const flapping = (since: number) =>
  since % HOUR < 10 * MINUTE && Math.round(since / 15_000) % 2 ? ({ kind: 'value', value: 400 } as const) : undefined;

describe('a go-live whose history grows long', () => {
  thorough('goes on as a new run and completes, all of it on record', async () => {
    const { room } = await hypercareWith(lab, 'p95', flapping, long(24));
    const handle = await room.start();
    const result = await handle.result();
    expect(result).toMatchObject({ outcome: 'completed', release: 'RC.3' });
    expect(times(result)).toBeGreaterThan(1);
    expect(whatHappened(result)).toContain('preflight');
    expect(momentOf(result, 'completed') - momentOf(result, 'hypercare for')).toBeGreaterThanOrEqual(24 * HOUR);
    expect(result.preflight.length).toBeGreaterThan(5);
    expect(room.world.executed.filter((name) => name.startsWith('deploy'))).toEqual([
      'deploy-canary.1',
      'deploy-rolling-25.1',
      'deploy-rolling-100.1',
    ]);
    expect(await runsOf(handle)).toBe(times(result) + 1);
  });

  thorough(
    'is rolled back by a trigger in a later run, to the second and on the host that has its commands',
    async () => {
      const { room, began } = await hypercareWith(
        lab,
        'p95',
        (since) => (since > 20 * HOUR ? { kind: 'value', value: 612 } : flapping(since)),
        long(24),
      );
      const handle = await room.start();
      const result = await handle.result();
      expect(times(result)).toBeGreaterThan(1);
      expect(result).toMatchObject({ outcome: 'rolled-back', stop: { by: 'trigger latency' } });
      const held = momentOf(result, 'trigger latency') - (began() + 20 * HOUR);
      expect(held).toBeGreaterThanOrEqual(15 * MINUTE);
      expect(held).toBeLessThan(15 * MINUTE + 30_000);
      expect(room.world.executed.filter((name) => name.startsWith('rollback'))).toEqual([
        'rollback.1',
        'rollback-smoke.1',
      ]);
    },
  );

  thorough('counts a breach that begins with the next run from its first reading', async () => {
    let first: string | undefined;
    let breached: number | undefined;
    const { room, began } = await hypercareWith(
      lab,
      'p95',
      (since) => {
        const runId = Context.current().info.workflowExecution?.runId;
        if (runId === (first ??= runId)) return flapping(since);
        breached ??= since;
        return { kind: 'value', value: 612 };
      },
      long(24),
    );
    const result = await (await room.start()).result();
    expect(result).toMatchObject({ outcome: 'rolled-back', stop: { by: 'trigger latency' } });
    const held = momentOf(result, 'trigger latency') - (began() + (breached ?? NaN));
    expect(Math.round(held / 1_000)).toBe(15 * 60);
  });

  thorough('holds each review once, also one that is due as it goes on', async () => {
    const room = await lab.room((plan) => ({
      ...plan,
      hypercare: { ...hypercareFor(2 * HOUR), reviews: { from: MINUTE, every: MINUTE } },
    }));
    const result = await (await room.start()).result();
    expect(result.outcome).toBe('completed');
    expect(times(result)).toBeGreaterThan(2);
    const reviewed = (what: string) => /^message: .* review: T\+(.+?) of /.exec(what)?.[1];
    const reviews = whatHappened(result).flatMap((what) => {
      const elapsed = reviewed(what)?.replaceAll(' ', '');
      return elapsed === undefined ? [] : [parseDuration(elapsed)];
    });
    expect(reviews.length).toBeGreaterThan(30);
    expect(reviews).toEqual([...new Set(reviews)].sort((a, b) => a - b));
    // The one that is due next comes, in whatever run.
    for (const [index, { at, what }] of result.timeline.entries()) {
      const next = result.timeline.slice(index).find((each) => reviewed(each.what) !== undefined);
      if (what === GOES_ON && next)
        expect(Date.parse(next.at) - Date.parse(at)).toBeLessThanOrEqual(2 * MINUTE + 1_000);
    }
  });

  thorough('knows which foreign version people have accepted: nobody is asked again, and a trigger asks', async () => {
    const { room } = await hypercareWith(lab, 'p95', flapping, long(24));
    const handle = await room.start({ until: '30m' });
    const runId = async () => (await lab.client.workflow.getHandle(handle.workflowId).describe()).runId;
    const first = await runId();
    room.world.live = 'RC.9';
    // A run that has just gone on counts its hours anew.
    for (let hours = 1; hours <= 3; hours += 1)
      await fastForwardTo(lab.client, handle.workflowId, `${hours}h`).catch(() => undefined);
    await openHold(handle, 'live-version');
    await decide(handle, 'live-version', 'go-on');
    for (let hours = 2; (await runId()) === first; hours += 1)
      await fastForwardTo(lab.client, handle.workflowId, `${hours}h`).catch(() => undefined);
    const status = await statusWhen(handle, ({ hypercare }) => hypercare?.live !== undefined);
    expect(status.hypercare?.live).toEqual({ kind: 'foreign', version: 'RC.9' });
    expect(status.holds).toEqual([]);
    await handle.signal('alert', { trigger: 'p1-alert', state: 'firing', source: 'ana' });
    expect((await openHold(handle, 'trigger-p1-alert'))?.reason).toContain('RC.9');
    await decide(handle, 'trigger-p1-alert', 'roll-back');
    expect(await handle.result()).toMatchObject({ outcome: 'rolled-back', stop: { kind: 'decision' } });
  });

  thorough('keeps what was said, accepted and watched: status answers as before', async () => {
    const { room } = await hypercareWith(lab, 'p95', flapping, long(24));
    const handle = await room.start({ until: '20h' });
    const status = await handle.query<GoLiveStatus>('status');
    expect(status).toMatchObject({ phase: 'hypercare', release: 'RC.3', planHash: expect.stringMatching(/^sha256:/) });
    expect(status.stages.map(({ state }) => state)).toEqual(['done', 'done', 'done']);
    expect(status.messages.length).toBeGreaterThanOrEqual(3);
    expect(status.commands.map(({ step }) => step)).toContain('deploy-rolling-100');
    expect(status.watching.length).toBeGreaterThan(5);
    expect(Date.parse(status.hypercareEnds ?? '') - Date.parse(status.since)).toBe(24 * HOUR);
    const description = await lab.client.workflow.getHandle(handle.workflowId).describe();
    expect(description.memo).toMatchObject({ goLive: { phase: 'hypercare', release: 'RC.3' } });
    expect(description.raw.workflowExecutionInfo?.firstRunId).not.toBe(description.runId);
    await abort(handle);
    expect(await handle.result()).toMatchObject({ outcome: 'rolled-back', stop: { kind: 'abort', by: 'Ana' } });
  });

  thorough('that was started for later goes on too: its time is over in every run but the first', async () => {
    const { room } = await hypercareWith(lab, 'p95', flapping, long(6));
    const startAt = new Date(Date.now() + 2 * HOUR).toISOString();
    const result = await (await room.start({ input: { startAt } })).result();
    expect(result).toMatchObject({ outcome: 'completed', release: 'RC.3' });
    expect(times(result)).toBeGreaterThan(0);
    expect(momentOf(result, 'it begins')).toBeGreaterThanOrEqual(Date.parse(startAt));
  });

  thorough('does not while somebody is asked', async () => {
    const { room } = await hypercareWith(
      lab,
      'transfers',
      (since) => (since > 5 * MINUTE ? { kind: 'value', value: 0.98 } : undefined),
      long(30),
    );
    const handle = await room.start({ until: '2h' });
    await openHold(handle, 'trigger-transfers-fail');
    const runNow = async () => (await lab.client.workflow.getHandle(handle.workflowId).describe()).runId;
    const asking = await runNow();
    await fastForwardTo(lab.client, handle.workflowId, '12h');
    expect((await lab.client.workflow.getHandle(handle.workflowId, asking).describe()).historyLength).toBeGreaterThan(
      400,
    );
    expect(await runNow()).toBe(asking);
    await decide(handle, 'trigger-transfers-fail', 'roll-back');
    expect(await handle.result()).toMatchObject({ outcome: 'rolled-back' });
  });
});

thorough('a stop while the watches are handed over: each goes on as one, and not beside what it was', async () => {
  const room = await lab.room(long(6));
  let [open, most] = [0, 0];
  let [asked, report] = [() => {}, () => {}];
  const handingOver = new Promise<void>((resolve) => (asked = resolve));
  const reports = new Promise<void>((resolve) => (report = resolve));
  let verified = false;
  room.world.during = (name) => void (verified ||= name === 'smoke.1');
  room.world.ends['rollback'] = 'hangs';
  room.world.watch = async (input, seen) => {
    if (!verified || !input.states.some(({ check }) => check === 'health')) return seen;
    most = Math.max(most, (open += 1));
    await untilCancelled();
    asked();
    await reports;
    open -= 1;
    return { ...seen, lengthMs: 100, observedMs: 100 };
  };
  const handle = await room.start();
  // Time stands still while it is watched: something has to grow the history, and to make it look at how long it is.
  const more = setInterval(() => void handle.signal('nudge').catch(() => undefined), 100);
  await handingOver.finally(() => clearInterval(more));
  await abort(handle);
  await statusWhen(handle, ({ commands }) => commands.some(({ step }) => step === 'rollback'));
  report();
  room.world.release('rollback.1');
  expect(await handle.result()).toMatchObject({ outcome: 'rolled-back' });
  expect(most).toBe(1);
});

test('nobody can hand a run what it never did', async () => {
  const room: Room = await lab.room(long(1));
  const carried = {
    opening: { planHash: 'sha256:0', plan: room.world.plan, searchAttributes: [] },
    record: { phase: 'hypercare', deploying: true },
  };
  const handle = await lab.client.workflow.start('controlledGoLive', {
    workflowId: `go-live-${room.environment}`,
    taskQueue: room.world.taskQueue,
    args: [room.input(), carried],
  });
  await handle.signal('abort', { by: 'Ana', reason: 'enough' });
  expect(await handle.result()).toMatchObject({ outcome: 'aborted' });
});

const abort = (handle: GoLiveHandle) => handle.signal('abort', { by: 'Ana', reason: 'checkout fails' });
