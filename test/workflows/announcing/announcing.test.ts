import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/activity';
import type { Plan } from '../../../src/domain/plan/plan.js';
import { channel } from '../../../src/domain/plan/playbook/channel.js';
import { IN_CAMPAIGN } from '../../support/pairs.js';
import { thorough } from '../../support/thorough.js';
import { enableTimeSkipping, fastForwardTo } from '../../support/time-skipping.js';
import {
  decide,
  momentOf,
  openHold,
  scheduled,
  statusWhen,
  whatHappened,
  WorkflowLab,
  type GoLiveHandle,
  type Room,
} from '../../support/workflow-lab.js';

let lab: WorkflowLab;
beforeAll(async () => {
  lab = await WorkflowLab.open();
});
afterAll(() => lab.close());

const MINUTE = 60_000;
const OPS = channel.parse({ name: 'ops', kind: 'slack', url: '${CHAT}' });
const AUDIT = channel.parse({ name: 'audit', kind: 'webhook', url: '${AUDIT}', gets: ['messages'] });
const ON_CALL = channel.parse({ name: 'on-call', kind: 'pagerduty', routingKey: '${KEY}' });
const told =
  (...channels: Plan['channels']) =>
  (plan: Plan): Plan => ({ ...plan, channels });

const notTaken = (why = 'there is no connection to it (ECONNREFUSED)', ...details: number[]) =>
  ApplicationFailure.create({ message: why, type: 'NotDelivered', details });
const messagesOf = (room: Room, name: string) =>
  room.world.posts.filter((post) => post.channel === name && post.kind === 'message').map(({ text }) => text);
const eventsWithoutSkips = async (handle: GoLiveHandle) =>
  ((await handle.fetchHistory()).events ?? []).filter(({ eventType }) => Number(eventType) !== 60).length;
const toTheEnd = async (handle: GoLiveHandle) => {
  await enableTimeSkipping(lab.client, handle.workflowId);
  return handle.result();
};

const STARTED = 'ARIS3 release RC.3 started (canary phase). Decision owner: Ana. Next update in 10 min.';
const HEALTHY = 'ARIS3 canary healthy (error/latency within guardrails). Proceeding to rolling rollout 25% -> 100%.';
const COMPLETE = 'ARIS3 release RC.3 go-live complete. Post-deploy smoke passed. Hypercare window now active (T+72h).';
const CLOSED = expect.stringMatching(
  /^ARIS3 release RC\.3: hypercare over\. .*all \d exit criteria met$/,
) as unknown as string;
const ABORTED =
  'ARIS3 rollout aborted due to payments fail (aborted by Bea). Rollback in progress to RC.2. Next status in 10 min.';
const ROLLED_BACK = 'ARIS3 rollback to RC.2 complete: live version, health, readiness, smoke and contracts proven.';

describe('the messages of the playbook, word for word, on every channel that gets them', () => {
  thorough('A, B and C of a good release', async () => {
    const room = await lab.room(told(OPS, AUDIT, ON_CALL));
    const result = await (await room.start()).result();
    expect(result.undelivered).toBeUndefined();
    for (const name of ['ops', 'audit']) expect(messagesOf(room, name)).toEqual([STARTED, HEALTHY, COMPLETE, CLOSED]);
    expect(messagesOf(room, 'on-call')).toEqual([]);
    expect(room.world.posts[0]).toMatchObject({
      kind: 'message',
      event: 'started',
      release: 'RC.3',
      environment: room.environment,
    });
    expect(new Set(room.world.posts.map(({ id }) => id)).size).toBe(room.world.posts.length);
  });

  test('A and D of one that is aborted', async () => {
    const room = await lab.room(told(OPS));
    const handle = await room.start({ until: '2m' });
    await handle.signal('abort', { reason: 'payments fail', by: 'Bea' });
    await toTheEnd(handle);
    expect(messagesOf(room, 'ops')).toEqual([STARTED, ABORTED, ROLLED_BACK]);
  });

  test('what was rejected or aborted before anything was deployed, and a rollback that a person takes over', async () => {
    const rejected = await lab.room(told(OPS));
    rejected.world.live = 'RC.1';
    await (await rejected.start()).result();
    expect(messagesOf(rejected, 'ops')).toEqual([
      expect.stringMatching(/^ARIS3 release RC\.3 rejected: .*expected RC\.2.*\. Nothing was deployed\.$/),
    ]);

    const early = await lab.room(told(OPS));
    early.world.ends['checklist'] = 'hangs';
    const handle = await early.start();
    await statusWhen(handle, ({ commands }) => commands.some(({ step }) => step === 'checklist'));
    await handle.signal('abort', { reason: 'not today', by: 'Bea' });
    await handle.result();
    expect(messagesOf(early, 'ops')).toEqual([
      'ARIS3 release RC.3 aborted: not today (aborted by Bea). Nothing was deployed.',
    ]);

    const failed = await lab.room(told(OPS));
    failed.world.ends['deploy-canary'] = failed.world.ends['rollback'] = { kind: 'exited', exitCode: 1 };
    const failing = await failed.start();
    await openHold(failing, 'rollback-failed');
    await decide(failing, 'rollback-failed', 'take-over');
    await failing.result();
    expect(
      failed.world.posts.filter(({ event }) => event === 'rollbackFailed').map(({ text }) => text.slice(0, 70)),
    ).toEqual([
      'ARIS3 rollback to RC.2 is not proven: the rollback command failed, exi',
      'ARIS3 rollback to RC.2 is not proven: Bea took over: looked at it. Kno',
    ]);
  });
});

describe('a promised next update', () => {
  thorough('is kept with what goes on, again and again, until the next message of the playbook ends it', async () => {
    const room = await lab.room(told(OPS));
    const handle = await room.start({ until: '2m' });
    await handle.signal('pause', { by: 'Bea', reason: 'lunch' });
    await fastForwardTo(lab.client, handle.workflowId, '25m');
    const { nextUpdate, messages } = await statusWhen(handle, () => true);
    const [said, first, second] = messages.map(({ at }) => Date.parse(at));
    expect(first).toBeGreaterThanOrEqual((said ?? 0) + 10 * MINUTE);
    expect(first).toBeLessThan((said ?? 0) + 10 * MINUTE + 5_000);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(10 * MINUTE);
    expect(Date.parse(nextUpdate ?? '') - (second ?? 0)).toBeGreaterThanOrEqual(10 * MINUTE - 1_000);
    expect(messages[1]?.what).toMatch(
      /^ARIS3 release RC\.3: canary is soaking for \d+m \(clean; paused by Bea\)\. Paused by Bea: lunch\. Decision owner: Ana\. Next update in 10m\.$/,
    );
    await handle.signal('resume', { by: 'Bea', reason: 'back' });
    await toTheEnd(handle);
    expect(messagesOf(room, 'ops').map((text) => text.slice(0, 24))).toEqual(
      [
        STARTED,
        'ARIS3 release RC.3: canary',
        'ARIS3 release RC.3: canary',
        HEALTHY,
        COMPLETE,
        'ARIS3 release RC.3: hypercare over',
      ].map((text) => text.slice(0, 24)),
    );
  });

  thorough(
    'is kept during a rollback that hangs for days, and the promises grow and are kept as they are said',
    async () => {
      const room = await lab.room(told(OPS));
      const handle = await room.start({ until: '2m' });
      // Time stands still while an activity runs: the rollback hangs in a question instead.
      room.world.ends['rollback'] = { kind: 'unknown', why: 'the host was restarted', alive: [] };
      await handle.signal('abort', { reason: 'payments fail', by: 'Bea' });
      await openHold(handle, 'unknown-rollback-1');
      for (const hour of IN_CAMPAIGN ? [12, 24, 36, 48, 60, 72] : [12, 24, 30])
        await fastForwardTo(lab.client, handle.workflowId, `${hour}h`);
      const events = await eventsWithoutSkips(handle);
      const { messages } = await statusWhen(handle, () => true);
      await decide(handle, 'unknown-rollback-1', 'take-over');
      await toTheEnd(handle);
      const updates = messages.slice(2);
      expect(updates[0]?.what).toMatch(
        /rolling back to RC\.2 for 10m\. Waits for an answer to unknown-rollback-1 for (9|10)m: .*Next update in 10m\.$/,
      );
      expect(updates.at(-1)?.what).toMatch(/Next update in 4h\.$/);
      // Each came when the one before it had said.
      updates.slice(1).forEach(({ at }, index) => {
        const before = updates[index];
        const [, hours = '0', minutes = '0'] =
          /Next update in (?:(\d+)h)? ?(?:(\d+)m)?\.$/.exec(before?.what ?? '') ?? [];
        const late = Date.parse(at) - Date.parse(before?.at ?? '') - (Number(hours) * 60 + Number(minutes)) * MINUTE;
        expect(late).toBeGreaterThanOrEqual(0);
        expect(late).toBeLessThan(5_000);
      });
      expect(updates.length).toBeLessThan(60);
      // Of the 51,200 that the server allows.
      expect(events).toBeLessThan(IN_CAMPAIGN ? 6_000 : 3_500);
    },
  );
});

describe('a channel that is down', () => {
  test('delays no step, is shown with why, and gets everything once it is up', async () => {
    const [up, down] = [await lab.room(told(OPS)), await lab.room(told(OPS))];
    let isDown = true;
    down.world.takesPost = () => {
      if (isDown) throw notTaken();
      return { state: 'sent' };
    };
    const quick = await (await up.start()).result();
    const handle = await down.start({ until: '10m' });
    expect((await statusWhen(handle, () => true)).channels).toEqual([
      {
        name: 'ops',
        kind: 'slack',
        gets: ['messages', 'pages'],
        state: 'down',
        since: expect.any(String) as unknown as string,
        why: 'there is no connection to it (ECONNREFUSED)',
        undelivered: expect.any(Number) as unknown as number,
        maybeSent: 0,
      },
    ]);
    expect((await statusWhen(handle, () => true)).undelivered[0]).toMatchObject({
      channel: 'ops',
      event: 'started',
      text: STARTED,
      state: 'being tried',
    });
    await fastForwardTo(lab.client, handle.workflowId, '11m');
    isDown = false;
    const slow = await toTheEnd(handle);
    // A step that waited for the channel would come eleven minutes later; a skipping clock on a busy machine is inexact by one or two.
    const step = (result: typeof quick, words: string) => momentOf(result, words) - momentOf(result, 'plan ');
    for (const words of [
      'deploying canary',
      'soaking canary',
      'deploying rolling-25',
      'deploying rolling-100',
      'hypercare for',
    ])
      expect(Math.abs(step(slow, words) - step(quick, words))).toBeLessThan(300_000);
    expect(messagesOf(down, 'ops')).toEqual(expect.arrayContaining([STARTED, HEALTHY, COMPLETE]));
    expect(slow.undelivered).toBeUndefined();
    expect(whatHappened(slow).filter((what) => what.startsWith('channel ops'))).toEqual([
      'channel ops is down: there is no connection to it (ECONNREFUSED)',
      'channel ops takes posts again',
    ]);
    // Its first try and one activity that the server tries again: nothing of the tries is in the history.
    expect(await scheduled(handle, 'deliver')).toBeLessThanOrEqual(8);
  });

  thorough('for more than an hour: its messages are given up, shown, and in the result', async () => {
    const room = await lab.room((plan) =>
      told(OPS)({ ...plan, messages: { ...plan.messages, started: { text: 'begun' } } }),
    );
    room.world.takesPost = () => {
      throw notTaken();
    };
    const handle = await room.start();
    const result = await handle.result();
    expect(result.outcome).toBe('completed');
    expect(result.undelivered?.map(({ event }) => event)).toEqual(
      expect.arrayContaining(['started', 'canaryHealthy', 'complete']),
    );
  });

  test('that asks to come again in a while is not asked before', async () => {
    const room = await lab.room(told(OPS));
    const tries: number[] = [];
    room.world.takesPost = (_, post, attempt) => {
      tries.push(attempt);
      if (post.event === 'started' && tries.length === 1) throw notTaken('it is too busy, 429', 90_000);
      return { state: 'sent' };
    };
    const handle = await room.start({ until: '1m' });
    expect(room.world.posts).toEqual([]);
    await fastForwardTo(lab.client, handle.workflowId, '3m');
    expect(messagesOf(room, 'ops')).toEqual([STARTED]);
    await handle.terminate();
  });

  thorough('that refuses, or may have taken it, is not asked again', async () => {
    for (const [delivery, state] of [
      [{ state: 'refused', why: 'it answered 404 no_service' }, 'not sent'],
      [{ state: 'maybe-sent', why: "it didn't answer (ETIMEDOUT)" }, 'maybe sent'],
    ] as const) {
      const room = await lab.room(told(OPS, AUDIT));
      let tries = 0;
      room.world.takesPost = (name, { event }) =>
        name === 'ops' && event === 'started' && ++tries > 0 ? delivery : { state: 'sent' };
      const result = await (await room.start()).result();
      expect(tries).toBe(1);
      expect(result.undelivered).toMatchObject([{ channel: 'ops', event: 'started', state, why: delivery.why }]);
      expect(messagesOf(room, 'audit')).toEqual([STARTED, HEALTHY, COMPLETE, CLOSED]);
      expect(whatHappened(result)).toContain(`message started to ops: ${state}: ${delivery.why}`);
    }
  });

  // The server's names for a worker that died: without them in the retry policy a message would be posted twice.
  thorough('and whose worker dies with a message in its hands is not asked again; a page is', async () => {
    const room = await lab.room((plan) => ({
      ...told(OPS, ON_CALL)(plan),
      stages: plan.stages.map((stage) => (stage.name === 'canary' ? { ...stage, gate: 'May it go?' } : stage)),
    }));
    const tries = { message: 0, page: 0 };
    const dead: (() => void)[] = [];
    room.world.takesPost = async (name, { kind, event }) => {
      if (kind === 'resolve' || (name === 'ops') !== (event === 'started')) return { state: 'sent' };
      tries[kind] += 1;
      if (tries[kind] === 1) throw notTaken();
      // No heartbeat any more, and no answer.
      if (tries[kind] === 2) await new Promise<void>((over) => dead.push(over));
      return { state: 'sent' };
    };
    try {
      const handle = await room.start();
      await openHold(handle, 'gate-canary');
      await statusWhen(handle, ({ channels }) =>
        channels.some(({ name, state }) => name === 'on-call' && state === 'ok'),
      );
      // Then it is paged again, for time is skipped.
      expect(tries.page).toBeGreaterThanOrEqual(3);
      await decide(handle, 'gate-canary', 'go');
      const { undelivered } = await statusWhen(handle, ({ channels }) =>
        channels.some(({ maybeSent }) => maybeSent > 0),
      );
      expect(undelivered).toMatchObject([
        { channel: 'ops', event: 'started', state: 'maybe sent', why: 'the worker that sent it was lost' },
      ]);
      await handle.result();
      expect(tries.message).toBe(2);
    } finally {
      dead.forEach((over) => over());
    }
  });
});
