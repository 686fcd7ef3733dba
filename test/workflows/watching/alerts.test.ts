import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Plan } from '../../../src/domain/plan/plan.js';
import type { ExternalTrigger } from '../../../src/domain/plan/playbook.js';
import { IN_CAMPAIGN } from '../../support/pairs.js';
import { thorough } from '../../support/thorough.js';
import { enableTimeSkipping, fastForwardTo } from '../../support/time-skipping.js';
import {
  decide,
  momentOf,
  openHold,
  statusWhen,
  whatHappened,
  WorkflowLab,
  type GoLiveHandle,
  type Room,
  type Rooms,
} from '../../support/workflow-lab.js';

let lab: WorkflowLab;
beforeAll(async () => {
  lab = await WorkflowLab.open();
});
afterAll(() => lab.close());

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const firing = { trigger: 'p1-alert', state: 'firing', source: 'a', value: '5xx 7.2 %' };
const resolved = { ...firing, state: 'resolved' };
const withAlert =
  (more: Partial<ExternalTrigger> = {}) =>
  (plan: Plan): Plan => ({
    ...plan,
    triggers: [
      ...plan.triggers.filter(({ name }) => name !== 'p1-alert'),
      { name: 'p1-alert', external: true, for: 2 * MINUTE, action: 'rollback', ...more },
    ],
  });
const toTheEnd = async (handle: GoLiveHandle) => {
  await enableTimeSkipping(lab.client, handle.workflowId);
  return handle.result();
};
/** In the canary's soak. */
async function soaking(more: Partial<ExternalTrigger> = {}, until = '2m'): Promise<Soaking<Room>> {
  return soakingIn(lab, more, until);
}
interface Soaking<R extends Room> {
  readonly room: R;
  readonly handle: GoLiveHandle;
}
async function soakingIn<R extends Room>(
  rooms: Rooms<R>,
  more: Partial<ExternalTrigger>,
  until = '2m',
): Promise<Soaking<R>> {
  const room = await rooms.room(withAlert(more));
  return { room, handle: await room.start({ until }) };
}
const timeline = async (handle: GoLiveHandle) =>
  (await handle.query<{ at: string; what: string }[]>('timeline')).map(({ what }) => what);

describe('an alert for two minutes', () => {
  thorough('that is resolved after 1m59s fires nothing', async () => {
    const { handle } = await soaking();
    await handle.signal('alert', firing);
    const since = Date.parse((await statusWhen(handle, ({ alerts }) => alerts.length === 1)).alerts[0]?.since ?? '');
    await fastForwardTo(lab.client, handle.workflowId, '3m58s');
    await handle.signal('alert', { ...resolved, since: since + 119 * SECOND });
    expect(await toTheEnd(handle)).toMatchObject({ outcome: 'completed' });
  });

  test('rolls back when they are over, to the second', async () => {
    const { room, handle } = await soaking();
    await handle.signal('alert', firing);
    const status = await statusWhen(handle, ({ alerts }) => alerts.length === 1);
    expect(status.alerts[0]?.running).toMatch(/^fires for \d+(ms|s) of 2m, 5xx 7\.2 % \(a\)$/);
    const result = await toTheEnd(handle);
    expect(result).toMatchObject({
      outcome: 'rolled-back',
      stop: { kind: 'trigger', by: 'trigger p1-alert', reason: 'alert at service fires for 2m, 5xx 7.2 % (a)' },
    });
    const took = momentOf(result, 'rolling back') - Date.parse(status.alerts[0]?.since ?? '');
    expect(took).toBeGreaterThanOrEqual(2 * MINUTE);
    expect(took).toBeLessThan(2 * MINUTE + SECOND);
    expect(room.world.live).toBe('RC.2');
  });

  thorough('that comes late counts from when it began', async () => {
    const { handle } = await soaking();
    const began = (since: number) => new Date(since).toISOString();
    const now = Date.parse((await handle.query<{ at: string }[]>('timeline'))[0]?.at ?? '') + 2 * MINUTE;
    await handle.signal('alert', { ...firing, since: began(now - 90 * SECOND) });
    const result = await toTheEnd(handle);
    expect(result).toMatchObject({ outcome: 'rolled-back', stop: { by: 'trigger p1-alert' } });
    expect(momentOf(result, 'rolling back') - (now - 90 * SECOND)).toBeGreaterThanOrEqual(2 * MINUTE);
    expect(momentOf(result, 'rolling back') - (now - 90 * SECOND)).toBeLessThan(2 * MINUTE + SECOND);
  });

  test('that began longer ago fires at once', async () => {
    const { handle } = await soaking();
    await handle.signal('alert', { ...firing, since: '2020-01-01T00:00:00Z' });
    expect(await handle.result()).toMatchObject({ outcome: 'rolled-back', stop: { by: 'trigger p1-alert' } });
  });

  thorough('lasts as long as one of its sources says so, from the first', async () => {
    const { handle } = await soaking();
    await handle.signal('alert', firing);
    const first = Date.parse((await statusWhen(handle, ({ alerts }) => alerts.length === 1)).alerts[0]?.since ?? '');
    await fastForwardTo(lab.client, handle.workflowId, '2m30s');
    await handle.signal('alert', { ...firing, source: 'b', since: first + 20 * SECOND });
    await fastForwardTo(lab.client, handle.workflowId, '3m');
    await handle.signal('alert', { ...resolved, since: first + 50 * SECOND });
    const result = await toTheEnd(handle);
    expect(result).toMatchObject({
      outcome: 'rolled-back',
      stop: { reason: 'alert at service fires for 2m, 5xx 7.2 % (b)' },
    });
    expect(momentOf(result, 'rolling back') - first).toBeGreaterThanOrEqual(140 * SECOND);
    expect(momentOf(result, 'rolling back') - first).toBeLessThan(141 * SECOND);
  });

  describe('that is said again after its end, with its old beginning', () => {
    /** It began and ended before the soak was so far, and is said to fire again now. */
    const overAndSaidAgain = async () => {
      const { room, handle } = await soaking();
      const now = Date.parse((await handle.query<{ at: string }[]>('timeline'))[0]?.at ?? '') + 2 * MINUTE;
      const old = { ...firing, since: new Date(now - 90 * SECOND).toISOString() };
      await handle.signal('alert', old);
      await handle.signal('alert', { ...resolved, since: new Date(now - 60 * SECOND).toISOString() });
      await handle.signal('alert', old);
      const status = await statusWhen(handle, ({ alerts }) => /again/.test(alerts[0]?.running ?? ''));
      return { room, handle, old, since: Date.parse(status.alerts[0]?.since ?? ''), now };
    };

    thorough('fires two minutes after it was heard again', async () => {
      const { handle, old, since, now } = await overAndSaidAgain();
      expect(since).toBeGreaterThan(now - 30 * SECOND);
      await fastForwardTo(lab.client, handle.workflowId, '2m30s');
      await handle.signal('alert', old);
      const result = await toTheEnd(handle);
      expect(result).toMatchObject({ outcome: 'rolled-back', stop: { by: 'trigger p1-alert' } });
      expect(momentOf(result, 'rolling back') - since).toBeGreaterThanOrEqual(2 * MINUTE);
      expect(momentOf(result, 'rolling back') - since).toBeLessThan(2 * MINUTE + SECOND);
    });

    thorough('once, as by a stale copy, fires nothing, and people see it', async () => {
      const { handle } = await overAndSaidAgain();
      const [shown] = (await statusWhen(handle, ({ alerts }) => alerts.length === 1)).alerts;
      expect(shown?.running).toMatch(/^is said to fire again after its end, once in .*, 5xx 7\.2 % \(a\)$/);
      expect(await toTheEnd(handle)).toMatchObject({ outcome: 'completed' });
    });
  });

  thorough('that its monitoring knows nothing of is shown, and fires nothing', async () => {
    const { handle } = await soaking({ for: 0 });
    const name = 'CheckoutFails';
    await handle.signal('alert', { ...firing, state: 'unknown', value: 'Grafana has no data', name });
    const [shown] = (await statusWhen(handle, ({ alerts }) => alerts.length === 1)).alerts;
    expect(shown?.running).toMatch(/^is unknown for .*, Grafana has no data \(CheckoutFails\)$/);
    expect((await timeline(handle)).at(-1)).toMatch(/^alert p1-alert of CheckoutFails: unknown since .*, Grafana has/);
    await handle.signal('alert', { ...resolved, name });
    await statusWhen(handle, ({ alerts }) => alerts.length === 0);
    expect(await toTheEnd(handle)).toMatchObject({ outcome: 'completed' });
  });

  thorough('whose end is told before its beginning fires nothing', async () => {
    const { handle } = await soaking();
    const now = Date.parse((await handle.query<{ at: string }[]>('timeline'))[0]?.at ?? '') + 2 * MINUTE;
    await handle.signal('alert', { ...resolved, since: now - SECOND });
    await handle.signal('alert', { ...firing, since: now - 5 * MINUTE });
    expect(await toTheEnd(handle)).toMatchObject({ outcome: 'completed' });
  });
});

test('an alert without a time rolls back at once, also while paused', async () => {
  const { handle } = await soaking({ for: 0 });
  await handle.signal('pause', 'odd');
  await handle.signal('alert', firing);
  expect(await handle.result()).toMatchObject({ outcome: 'rolled-back', stop: { by: 'trigger p1-alert' } });
});

thorough('its end never cancels a rollback, and during one nothing has an effect', async () => {
  const { room, handle } = await soaking({ for: 0 });
  room.world.ends['rollback'] = 'hangs';
  await handle.signal('alert', firing);
  await statusWhen(handle, ({ commands }) => commands.some(({ step }) => step === 'rollback'));
  await handle.signal('alert', resolved);
  await handle.signal('alert', { ...firing, source: 'b' });
  for (let repeat = 0; repeat < 100; repeat += 1) await handle.signal('alert', { ...firing, source: 'b' });
  await statusWhen(handle, () => true);
  room.world.release('rollback.1');
  const result = await handle.result();
  expect(result.outcome).toBe('rolled-back');
  expect(room.world.executed.filter((name) => name.startsWith('rollback'))).toEqual(['rollback.1', 'rollback-smoke.1']);
  const told = whatHappened(result).filter((what) => what.includes('was ignored: the go-live is stopping or over'));
  expect(told.slice(0, 2)).toEqual([
    'the alert p1-alert of a (resolved) was ignored: the go-live is stopping or over',
    'the alert p1-alert of b (firing) was ignored: the go-live is stopping or over',
  ]);
  expect(told.length).toBeLessThan(5);
});

test('before anything is deployed it rejects', async () => {
  const room = await lab.room(withAlert({ for: 0 }));
  room.world.ends['checklist'] = 'hangs';
  const handle = await room.start();
  await statusWhen(handle, ({ commands }) => commands.some(({ step }) => step === 'checklist'));
  await handle.signal('alert', firing);
  expect(await handle.result()).toMatchObject({ outcome: 'rejected', stop: { by: 'trigger p1-alert' } });
  expect(room.world.executed).not.toContain('deploy-canary.1');
});

thorough('that is there before the plan is known counts as soon as it is; an unknown one is told then', async () => {
  const room = await lab.stoppable.room(withAlert({ for: 0 }));
  const handle = (await lab.client.workflow.signalWithStart('controlledGoLive', {
    workflowId: `go-live-${room.environment}`,
    taskQueue: room.world.taskQueue,
    args: [room.input()],
    signal: 'alert',
    signalArgs: [{ ...firing, trigger: 'p1-alret' }],
  })) as unknown as GoLiveHandle;
  await room.withoutWorkflows(() => handle.signal('alert', firing));
  const result = await handle.result();
  expect(result).toMatchObject({ outcome: 'rejected', stop: { by: 'trigger p1-alert' } });
  expect(room.world.executed).not.toContain('deploy-canary.1');
  expect(whatHappened(result)).toContain(
    'the alert of a was ignored: no external trigger "p1-alret". Did you mean "p1-alert"?',
  );
});

thorough('what can not be an alert is told with what was expected', async () => {
  const { handle } = await soaking();
  const rubbish: unknown[] = [
    undefined,
    null,
    'firing',
    7,
    [],
    {},
    { trigger: 'p1-alert' },
    { ...firing, state: 'on' },
    { ...firing, trigger: 'x y' },
    { ...firing, trigger: '__proto__' },
  ];
  for (const payload of rubbish) await handle.signal('alert', payload);
  await handle.signal('alert', { ...firing, trigger: 'p1-alart' });
  await handle.signal('alert', { ...firing, trigger: 'health-down' });
  const told = (await timeline(handle)).filter((what) => what.includes('was ignored'));
  expect(told).toHaveLength(rubbish.length + 2);
  expect((await handle.describe()).memo).toMatchObject({ goLive: { externalTriggers: ['p1-alert'] } });
  expect(told).toContain('the alert of a was ignored: no external trigger "p1-alart". Did you mean "p1-alert"?');
  expect(told.at(-1)).toBe('the alert of a was ignored: no external trigger "health-down". Known here: p1-alert.');
  expect(await toTheEnd(handle)).toMatchObject({ outcome: 'completed' });
});

thorough('hundreds of duplicates neither grow the record nor kill the run', async () => {
  const { handle } = await soaking();
  const now = Date.parse((await handle.query<{ at: string }[]>('timeline'))[0]?.at ?? '');
  for (let wave = 0; wave < (IN_CAMPAIGN ? 20 : 4); wave += 1) {
    await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        handle.signal(
          'alert',
          index % 3 === 0
            ? { ...resolved, since: now }
            : index % 3 === 1
              ? { ...firing, since: now - 1 }
              : { ...resolved, source: 'b' },
        ),
      ),
    );
  }
  expect((await timeline(handle)).filter((what) => what.startsWith('alert p1-alert')).length).toBeLessThanOrEqual(3);
  expect(await toTheEnd(handle)).toMatchObject({ outcome: 'completed' });
});

thorough('an alert and an abort in one workflow task: one stop, one rollback', async () => {
  const { room, handle } = await soakingIn(lab.stoppable, { for: 0 });
  await room.withoutWorkflows(async () => {
    await handle.signal('alert', firing);
    await handle.signal('abort', { by: 'Bea', reason: 'enough' });
    await handle.signal('alert', { ...firing, source: 'b' });
  });
  expect(await handle.result()).toMatchObject({ outcome: 'rolled-back', stop: { kind: 'abort', by: 'Bea' } });
  expect(room.world.executed.filter((name) => name === 'rollback.1')).toHaveLength(1);
});

thorough(
  'that asks is a question, silent until it is resolved; then it asks again, also when both come together',
  async () => {
    const { room, handle } = await soakingIn(lab.stoppable, { for: 0, action: 'ask' }, '12m');
    await handle.signal('alert', firing);
    expect(await openHold(handle, 'trigger-p1-alert')).toMatchObject({ choices: ['go-on', 'roll-back'] });
    await handle.signal('alert', { ...firing, source: 'b' });
    await decide(handle, 'trigger-p1-alert', 'go-on');
    expect((await statusWhen(handle, ({ holds }) => holds.length === 0)).alerts[0]?.running).toMatch(
      /^has fired, fires for /,
    );
    await handle.signal('alert', { ...resolved, source: 'b' });
    await room.withoutWorkflows(async () => {
      await handle.signal('alert', resolved);
      await handle.signal('alert', firing);
    });
    await openHold(handle, 'trigger-p1-alert');
    await decide(handle, 'trigger-p1-alert', 'roll-back');
    expect(await handle.result()).toMatchObject({ outcome: 'rolled-back', stop: { kind: 'decision', by: 'Bea' } });
  },
);
