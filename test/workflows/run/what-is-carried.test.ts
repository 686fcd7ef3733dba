import { ApplicationFailure } from '@temporalio/activity';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import proto from '@temporalio/proto';
import type { Plan } from '../../../src/domain/plan/plan.js';
import { channel } from '../../../src/domain/plan/playbook/channel.js';
import type { GoLiveStatus } from '../../../src/domain/run/status.js';
import { goodReading } from '../../support/simulated-watch.js';
import { thorough } from '../../support/thorough.js';
import { enableTimeSkipping, fastForwardTo } from '../../support/time-skipping.js';
import { withRestore } from '../../support/with-restore.js';
import { decide, statusWhen, whatHappened, WorkflowLab, type GoLiveHandle } from '../../support/workflow-lab.js';

/** A server that suggests a new run early. */
let lab: WorkflowLab;
beforeAll(async () => {
  lab = await WorkflowLab.open({ 'limit.historyCount.suggestContinueAsNew': 400 });
});
afterAll(() => lab.close());

const { temporal } = proto;
type History = proto.temporal.api.history.v1.IHistory;
const HOUR = 3_600_000;
const OPS = channel.parse({ name: 'ops', kind: 'slack', url: '${CHAT}' });
const said = { by: 'Ana', reason: 'lunch' };

const loaded = (plan: Plan): Plan => ({
  ...withRestore()(plan),
  channels: [OPS],
  deadMan: { url: 'https://monitor.example/ping', every: 60_000 },
  freezes: [
    {
      name: 'year end',
      from: new Date(Date.now() - HOUR).toISOString(),
      to: new Date(Date.now() + 48 * HOUR).toISOString(),
    },
  ],
  triggers: plan.triggers.map((each) => (each.name === 'p1-alert' ? { ...each, for: 3 * HOUR } : each)),
  hypercare: {
    for: 24 * HOUR,
    windows: [{ until: 24 * HOUR, every: 60_000 }],
    reviews: { from: HOUR, every: HOUR },
    exit: { clean: 6 * HOUR },
  },
});

/** What may be said to a run of a chain before its first task. */
const EARLY: [string, unknown?][] = [
  ['abort', { by: 'Ana', reason: 'checkout fails' }],
  ['pause', said],
  ['resume', said],
  ['promote', said],
  ['alert', { trigger: 'p1-alert', state: 'firing', source: 'ana' }],
  ['abrot'],
];

/** A run whose first task finds a signal. A replay of it fails if that task does. */
function heardFirst({ events = [] }: History, signalName: string, payload?: unknown): History {
  const [started, scheduled] = events as NonNullable<History['events']>;
  const data = Buffer.from(JSON.stringify(payload ?? null));
  const payloads = [{ metadata: { encoding: Buffer.from('json/plain') }, data }];
  return temporal.api.history.v1.History.fromObject({
    events: [
      started,
      scheduled,
      {
        eventId: 3,
        eventTime: scheduled?.eventTime,
        eventType: 'EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED',
        workflowExecutionSignaledEventAttributes: { signalName, input: { payloads } },
      },
      {
        eventId: 4,
        eventTime: scheduled?.eventTime,
        eventType: 'EVENT_TYPE_WORKFLOW_TASK_STARTED',
        workflowTaskStartedEventAttributes: { scheduledEventId: 2, identity: 'a worker', requestId: 'first' },
      },
      {
        eventId: 5,
        eventTime: scheduled?.eventTime,
        eventType: 'EVENT_TYPE_WORKFLOW_TASK_COMPLETED',
        workflowTaskCompletedEventAttributes: { scheduledEventId: 2, startedEventId: 4, identity: 'a worker' },
      },
    ],
  });
}

/** A go-live that has met nearly everything before it goes on as a new run; the state of the run before is what that one answers when it is replayed. */
async function goesOn(
  besides: (handle: GoLiveHandle) => Promise<void> = () => Promise.resolve(),
): Promise<{ handle: GoLiveHandle; before: GoLiveStatus; after: GoLiveStatus }> {
  const room = await lab.room(loaded);
  room.world.pings = { failing: 'the monitor answered 404' };
  room.world.takesPost = (_, { event }) => {
    if (event === 'complete')
      throw ApplicationFailure.create({
        message: 'it answered 404 no_service',
        type: 'NotDelivered',
        nonRetryable: true,
      });
    return { state: 'sent' };
  };
  // A check that nobody can read for a while, so that there is a gap; clean since.
  let blind = false;
  room.world.readings = (check) =>
    blind && check.name === 'p95' ? { kind: 'none', text: 'ECONNREFUSED' } : goodReading(check);
  const handle = await room.start({
    input: {
      startAt: new Date(Date.now() + HOUR).toISOString(),
      overrideFreeze: { freeze: 'year end', reason: 'a leak', by: 'Cid' },
    },
    until: '1h1m',
  });
  expect(room.world.executed.filter((name) => name.startsWith('deploy'))).toEqual(['deploy-canary.1']);
  await handle.signal('pause', said);
  await handle.signal('abrot', 'typo');
  blind = true;
  await fastForwardTo(lab.client, handle.workflowId, '1h3m');
  blind = false;
  await handle.signal('resume', said);
  await handle.executeUpdate<string, [object]>('handOver', {
    args: [{ to: 'Bea', by: 'Ana', reason: 'my shift ends' }],
  });
  await decide(handle, 'handover', 'accept', 'Bea');
  await handle.signal('alert', { trigger: 'p1-alert', state: 'firing', source: 'ana' });
  await besides(handle);
  const first = (await lab.client.workflow.getHandle(handle.workflowId).describe()).runId;
  for (let minutes = 75; ; minutes += 15) {
    // Moments are counted from the start of the latest run.
    await fastForwardTo(lab.client, handle.workflowId, `${minutes}m`).catch(() => undefined);
    const { runId } = await lab.client.workflow.getHandle(handle.workflowId).describe();
    if (runId === first) continue;
    const before = await lab.client.workflow.getHandle(handle.workflowId, first).query<GoLiveStatus>('status');
    return { handle, before, after: await statusWhen(handle, ({ phase }) => phase === 'hypercare') };
  }
}

test('what a run knows is known, to the second, to the run it goes on as; and that can be aborted', async () => {
  const { handle, before, after } = await goesOn();
  // What the run before has met at all: else it proves nothing.
  expect(before).toMatchObject({
    phase: 'hypercare',
    decisionOwner: 'Bea',
    freezeOverride: expect.stringContaining('overridden by Cid') as unknown,
    deadMan: { failing: 'the monitor answered 404' },
    alerts: [{ trigger: 'p1-alert' }],
    ineffective: expect.arrayContaining([
      expect.objectContaining({ what: expect.stringContaining('abrot') as unknown }),
    ]) as unknown,
    undelivered: [{ channel: 'ops', event: 'complete' }],
  });
  expect(before.blind).not.toEqual([]);
  expect(before.commands.map(({ step }) => step)).toContain('backup-create');
  const known = (status: GoLiveStatus) => ({
    ...status,
    // What goes on: the looks, what has been said since, how long things run.
    watching: status.watching.map(({ check, target, standing }) => ({ check, target, standing })),
    alerts: status.alerts.map(({ trigger, since }) => ({ trigger, since })),
    messages: status.messages.slice(0, before.messages.length),
    deadMan: status.deadMan?.failing,
    hypercare: { reviews: status.hypercare?.reviews.slice(0, before.hypercare?.reviews.length) },
    nextUpdate: undefined,
    channels: status.channels.map(({ name }) => name),
  });
  expect(known(after)).toEqual(known(before));
  // Until its first task is over the memo is all that is known of it.
  const history = await lab.client.workflow.getHandle(handle.workflowId).fetchHistory();
  const [started] = history.events ?? [];
  expect(started?.workflowExecutionStartedEventAttributes?.memo?.fields).toHaveProperty('goLive');
  for (const [name, payload] of EARLY) await lab.workshop.replay(handle.workflowId, heardFirst(history, name, payload));

  await handle.signal('abort', { by: 'Bea', reason: 'checkout fails' });
  await enableTimeSkipping(lab.client, handle.workflowId);
  const result = await handle.result();
  expect(result).toMatchObject({ outcome: 'rolled-back', stop: { kind: 'abort', by: 'Bea' } });
  // The backup of the preflight is still what would be restored.
  expect(whatHappened(result).join('\n')).toMatch(/restore.*\/artifacts\/pre_go_live\/manifest\.json/);
});

thorough('more alerts than a run can hand over are bounded, and it goes on', async () => {
  const long = (index: number) => `${index}${'在庫確認'.repeat(100)}`;
  const { handle, before, after } = await goesOn(async (chain) => {
    for (let index = 0; index < 1_500; index += 1) {
      const link = `https://prometheus.example/${'x'.repeat(470)}`;
      const alert = {
        trigger: 'p1-alert',
        state: 'firing',
        source: long(index),
        name: long(index),
        value: long(index),
      };
      await chain.signal('alert', { ...alert, link });
    }
  });
  expect(before.alerts).toMatchObject([{ trigger: 'p1-alert', running: expect.stringContaining('ana and 100 more') }]);
  expect(after.alerts).toMatchObject([{ since: before.alerts[0]?.since }]);
  await handle.signal('abort', { by: 'Bea', reason: 'checkout fails' });
  await enableTimeSkipping(lab.client, handle.workflowId);
  expect(await handle.result()).toMatchObject({ outcome: 'rolled-back', stop: { by: 'Bea' } });
});

thorough('a run that goes on as a new one can be superseded', async () => {
  const { handle } = await goesOn();
  await handle.executeUpdate<string, [object]>('supersede', {
    args: [{ release: 'RC.4', by: 'Bea', reason: 'totals are wrong' }],
  });
  expect(await handle.result()).toMatchObject({ outcome: 'completed', supersededBy: { release: 'RC.4' } });
});

thorough('an alert that fires all along rolls back when its time is over, counted from its beginning', async () => {
  const { handle, before } = await goesOn();
  await enableTimeSkipping(lab.client, handle.workflowId);
  const result = await handle.result();
  expect(result).toMatchObject({ outcome: 'rolled-back', stop: { by: 'trigger p1-alert' } });
  const since = Date.parse(before.alerts[0]?.since ?? '');
  expect(Date.parse(result.stop?.at ?? '') - since).toBeGreaterThanOrEqual(3 * HOUR);
  expect(Date.parse(result.stop?.at ?? '') - since).toBeLessThan(3 * HOUR + 5_000);
});
