import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/activity';
import type { Plan } from '../../../src/domain/plan/plan.js';
import { channel } from '../../../src/domain/plan/playbook/channel.js';
import { IN_CAMPAIGN } from '../../support/pairs.js';
import { thorough } from '../../support/thorough.js';
import { enableTimeSkipping, fastForwardTo } from '../../support/time-skipping.js';
import {
  decide,
  openHold,
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
const OPS = channel.parse({ name: 'ops', kind: 'slack', url: '${CHAT}', gets: ['pages'] });
const ON_CALL = channel.parse({ name: 'on-call', kind: 'pagerduty', routingKey: '${KEY}' });
const LEADS = channel.parse({ name: 'leads', kind: 'pagerduty', routingKey: '${LEADS}', unansweredFor: '25m' });
const HOOK = channel.parse({ name: 'hook', kind: 'webhook', url: '${HOOK}', gets: ['pages'] });

/** A go-live that waits at a gate before anything is deployed. */
const gated =
  (...channels: Plan['channels']) =>
  (plan: Plan): Plan => ({
    ...plan,
    channels,
    stages: plan.stages.map((stage) => (stage.name === 'canary' ? { ...stage, gate: 'May the canary go?' } : stage)),
  });
const to = (room: Room, name: string) => room.world.posts.filter((post) => post.channel === name);
const kinds = (room: Room, name: string) => to(room, name).map(({ kind }) => kind);
const taken = async (room: Room, name: string, kind: 'page' | 'resolve') => {
  while (!kinds(room, name).includes(kind)) await new Promise((next) => setTimeout(next, 20));
};
const notTaken = () =>
  ApplicationFailure.create({ message: 'there is no connection to it (ECONNREFUSED)', type: 'NotDelivered' });
const toTheEnd = async (handle: GoLiveHandle) => {
  await enableTimeSkipping(lab.client, handle.workflowId);
  return handle.result();
};

const answersOf = (environment: string) =>
  ['go', 'reject'].map((choice) => `golive decide ${environment} --hold gate-canary --choice ${choice}`).join('\n');

test('a hold pages everybody in the circle, again and wider, and its answer ends what was paged, each by the key it was paged with', async () => {
  const room = await lab.room(gated(OPS, ON_CALL, LEADS, HOOK));
  const handle = await room.start({ until: '35m' });
  const hold = await openHold(handle, 'gate-canary');
  expect(hold).toMatchObject({
    pages: 4,
    paged: [
      { channel: 'ops', times: 4 },
      { channel: 'on-call', times: 4 },
      { channel: 'hook', times: 4 },
      { channel: 'leads', times: 2 },
    ],
  });
  const opened = Date.parse(hold?.openedAt ?? '');
  expect(Date.parse(hold?.nextPage ?? '') - opened).toBeGreaterThanOrEqual(40 * MINUTE);
  expect(Date.parse(to(room, 'leads')[0]?.at ?? '') - opened).toBeGreaterThanOrEqual(25 * MINUTE);
  expect(Date.parse(to(room, 'leads')[0]?.at ?? '') - opened).toBeLessThan(25 * MINUTE + 5_000);
  expect(to(room, 'ops')[0]?.text).toBe(`May the canary go? Answer with: \n${answersOf(room.environment)}`);
  expect(room.world.pages).toHaveLength(4);
  await decide(handle, 'gate-canary', 'go');
  const result = await toTheEnd(handle);
  expect(kinds(room, 'ops')).toEqual(['page', 'page', 'page', 'page']);
  for (const [name, times] of [
    ['on-call', 4],
    ['hook', 4],
    ['leads', 2],
  ] as const) {
    // An end may come twice where time is skipped while it is on its way; it does no harm.
    expect(kinds(room, name).slice(0, times + 1)).toEqual([...Array.from({ length: times }, () => 'page'), 'resolve']);
    expect(new Set(kinds(room, name).slice(times))).toEqual(new Set(['resolve']));
    const keys = new Set(to(room, name).map(({ dedupKey }) => dedupKey));
    expect([...keys]).toEqual([expect.stringContaining('gate-canary')]);
  }
  expect(whatHappened(result)).toContain('hold gate-canary is unanswered: leads paged too');
});

test('two questions have two keys, and the end of one does not end the other', async () => {
  const room = await lab.room(gated(ON_CALL));
  const handle = await room.start({ input: { attestations: {} } });
  await openHold(handle, 'attest-open-incidents');
  await statusWhen(handle, ({ holds }) => holds.length === 3);
  await decide(handle, 'attest-open-incidents', 'confirm');
  await taken(room, 'on-call', 'resolve');
  const keys = to(room, 'on-call').map(({ kind, dedupKey }) => `${kind} ${dedupKey}`);
  expect(new Set(keys.filter((key) => key.startsWith('page'))).size).toBe(3);
  expect(keys.filter((key) => key.startsWith('resolve'))).toEqual([expect.stringContaining('attest-open-incidents')]);
  await handle.terminate();
});

describe('what ends a page comes after it', () => {
  test('when the page is still being tried: that is given up, and the end is sent all the same', async () => {
    const room = await lab.room(gated(ON_CALL));
    const tries: string[] = [];
    let isDown = true;
    room.world.takesPost = (_, { kind }, attempt) => {
      tries.push(`${kind} ${attempt}`);
      if (isDown) throw notTaken();
      return { state: 'sent' };
    };
    const handle = await room.start({ until: '25m' });
    const { channels, holds } = await statusWhen(handle, () => true);
    expect(channels).toMatchObject([{ name: 'on-call', state: 'down', undelivered: 1 }]);
    // One that is being tried says the same as another one would.
    expect(holds).toMatchObject([{ pages: 3, paged: [{ channel: 'on-call', times: 1 }] }]);
    expect(tries.filter((each) => each.startsWith('page')).length).toBeGreaterThan(10);
    isDown = false;
    await decide(handle, 'gate-canary', 'reject');
    const result = await toTheEnd(handle);
    expect(tries.at(-1)).toBe('resolve 1');
    expect(kinds(room, 'on-call').at(-1)).toBe('resolve');
    // It may have come through in the moment before it was given up.
    if (result.undelivered)
      expect(result.undelivered).toMatchObject([{ channel: 'on-call', event: 'page', state: 'maybe sent' }]);
  });

  test('when the page hangs: its try comes to an end first', async () => {
    const room = await lab.room(gated(ON_CALL));
    const order: string[] = [];
    let release = () => undefined as void;
    room.world.takesPost = async (_, { kind }) => {
      order.push(`${kind} begins`);
      if (kind === 'page') await new Promise<void>((done) => (release = done));
      order.push(`${kind} taken`);
      return { state: 'sent' };
    };
    const handle = await room.start();
    while (order.length === 0) await new Promise((next) => setTimeout(next, 10));
    await decide(handle, 'gate-canary', 'reject');
    await statusWhen(handle, ({ holds }) => holds.length === 0);
    release();
    await handle.result();
    expect(order).toEqual(['page begins', 'page taken', 'resolve begins', 'resolve taken']);
  });

  test('also when an abort takes the question back, and when nobody took the page at first', async () => {
    const room = await lab.room(gated(ON_CALL, HOOK));
    room.world.takesPost = (_, { kind }, attempt) => {
      if (kind === 'page' && attempt === 1 && room.world.posts.length === 0) throw notTaken();
      return { state: 'sent' };
    };
    const handle = await room.start({ until: '1m' });
    await taken(room, 'on-call', 'page');
    await taken(room, 'hook', 'page');
    await handle.signal('abort', { reason: 'not today', by: 'Bea' });
    expect(await toTheEnd(handle)).toMatchObject({ outcome: 'aborted' });
    for (const name of ['on-call', 'hook']) expect(kinds(room, name)).toEqual(['page', 'resolve']);
  });

  test('and is in the result when the channel takes neither', async () => {
    const room = await lab.room(gated(ON_CALL));
    room.world.takesPost = () => {
      throw notTaken();
    };
    const handle = await room.start({ until: '5m' });
    await decide(handle, 'gate-canary', 'reject');
    const result = await toTheEnd(handle);
    expect(result.outcome).toBe('rejected');
    expect(result.undelivered).toMatchObject([
      {
        channel: 'on-call',
        event: 'page',
        state: 'maybe sent',
        why: 'there is no connection to it (ECONNREFUSED); given up, for its hold has ended',
      },
      { channel: 'on-call', event: 'page', state: 'being tried' },
    ]);
  });
});

thorough('a question that nobody answers for days does not fill the history', async () => {
  const room = await lab.room(gated(OPS, ON_CALL));
  const handle = await room.start({ until: '10m' });
  const events = async () =>
    ((await handle.fetchHistory()).events ?? []).filter(({ eventType }) => Number(eventType) !== 60);
  const paging = (all: Awaited<ReturnType<typeof events>>) =>
    all.filter(({ activityTaskScheduledEventAttributes: each }) =>
      ['deliver', 'announce'].includes(each?.activityType?.name ?? ''),
    ).length;
  for (const hour of IN_CAMPAIGN ? [12, 24, 36, 48, 60, 72] : [12, 24])
    await fastForwardTo(lab.client, handle.workflowId, `${hour}h`);
  const all = await events();
  const [hold] = (await statusWhen(handle, () => true)).holds;
  await handle.terminate();
  const most = IN_CAMPAIGN ? 110 : 60;
  expect(hold?.pages).toBeLessThan(most);
  expect(paging(all)).toBeLessThanOrEqual(3 * most);
  // Of the 51,200 that the server allows, with both channels and all the watching.
  expect(all.length).toBeLessThan(4_000);
});

test('a page says what the plan wants it to say', async () => {
  const room = await lab.room((plan) =>
    gated(OPS)({
      ...plan,
      messages: { ...plan.messages, page: { text: '{decisionOwner}, {service} {environment}: {reason} -> {answer}' } },
    }),
  );
  const handle = await room.start();
  await taken(room, 'ops', 'page');
  expect(to(room, 'ops')[0]?.text).toBe(
    `Ana, ARIS3 ${room.environment}: May the canary go? -> \n${answersOf(room.environment)}`,
  );
  await handle.terminate();
});
