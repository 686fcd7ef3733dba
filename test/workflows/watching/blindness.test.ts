import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hypercareFor } from '../../support/hypercare-for.js';
import type { ObserveInput } from '../../../src/activities/watching/observe.js';
import type { Plan } from '../../../src/domain/plan/plan.js';
import { goodReading } from '../../support/simulated-watch.js';
import { thorough } from '../../support/thorough.js';
import { enableTimeSkipping, fastForwardTo } from '../../support/time-skipping.js';
import { withSoak } from '../../support/with-soak.js';
import {
  decide,
  historyWhen,
  momentOf,
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
const toTheEnd = async (handle: GoLiveHandle) => {
  await enableTimeSkipping(lab.client, handle.workflowId);
  return handle.result();
};

/** A room in which these checks have no readings while the test says so. */
async function room(change?: (plan: Plan) => Plan): Promise<{ room: Room; blind: Set<string> }> {
  const made = await lab.room(change);
  const blind = new Set<string>();
  made.world.readings = (check, target) =>
    blind.has(check.name) || blind.has(`${check.name} ${target}`)
      ? { kind: 'none', text: 'ECONNREFUSED' }
      : goodReading(check);
  return { room: made, blind };
}
const after = (deployed: Room, name: string, then: () => unknown) =>
  void (deployed.world.during = (each) => (each === name ? void then() : undefined));

describe('a check without readings', () => {
  test('is told with what is blind by now: another one, for as long as the hold is open', async () => {
    const { room: soaking, blind } = await room((plan) =>
      withSoak(plan, { min: 10 * MINUTE, max: 60 * MINUTE, settle: MINUTE }),
    );
    const handle = await soaking.start({ until: '1m' });
    blind.add('p95 service');
    await fastForwardTo(lab.client, handle.workflowId, '4m');
    const { holds: before } = await statusWhen(handle, ({ holds }) => holds.length > 0);
    expect(before[0]?.reason).toMatch(/^No readings of p95 at service for /);
    blind.add('ready service');
    await fastForwardTo(lab.client, handle.workflowId, '6m');
    blind.delete('p95 service');
    await fastForwardTo(lab.client, handle.workflowId, '8m');
    const { holds: now } = await statusWhen(handle, () => true);
    expect(now).toMatchObject([{ id: 'blind', openedAt: before[0]?.openedAt }]);
    expect(now[0]?.reason).toMatch(/^No readings of ready at service for /);
    blind.clear();
    expect(await toTheEnd(handle)).toMatchObject({ outcome: 'completed' });
  });

  test('in a soak is a hold that pages and ends by itself; it is recorded from when to when', async () => {
    const { room: soaking, blind } = await room();
    const handle = await soaking.start({ until: '2m' });
    blind.add('p95 service');
    await fastForwardTo(lab.client, handle.workflowId, '6m');
    const { holds, blind: now } = await statusWhen(handle, () => true);
    expect(holds.map(({ id }) => id)).toEqual(['blind']);
    expect(holds[0]?.reason).toMatch(
      /^No readings of p95 at service for \d+(m( \d+s)?|s) \(ECONNREFUSED\)\. Nothing goes on until they are back, or you say so\.$/,
    );
    expect(now).toEqual([
      { check: 'p95', target: 'service', from: expect.any(String) as unknown, why: 'ECONNREFUSED' },
    ]);
    expect(soaking.world.pages).toHaveLength(1);
    blind.clear();
    const result = await toTheEnd(handle);
    expect(result.outcome).toBe('completed');
    expect(whatHappened(result)).toContain('hold blind closed: no answer needed any more');
    const gap = whatHappened(result).find((what) => what.startsWith('no readings of p95 at service for '));
    const [from, to] = [...(gap ?? '').matchAll(/\d{4}-\S+ \S+Z/g)].map(([text]) => Date.parse(text));
    expect((to ?? NaN) - (from ?? NaN)).toBeGreaterThanOrEqual(4 * MINUTE - 15_000);
    expect((to ?? NaN) - (from ?? NaN)).toBeLessThan(5 * MINUTE);
    expect(momentOf(result, 'deploying rolling-25')).toBeGreaterThan((to ?? NaN) + 2 * MINUTE);
  });

  test('before the first deploy, while somebody is still asked, keeps it from beginning', async () => {
    const { room: waiting, blind } = await room((plan) => ({
      ...plan,
      stages: plan.stages.map((stage, index) => (index === 0 ? { ...stage, gate: 'Go?' } : stage)),
    }));
    const handle = await waiting.start({ until: '1m' });
    blind.add('p95');
    await fastForwardTo(lab.client, handle.workflowId, '10m');
    await openHold(handle, 'blind');
    await decide(handle, 'gate-canary', 'go');
    await fastForwardTo(lab.client, handle.workflowId, '30m');
    expect(waiting.world.executed).not.toContain('deploy-canary.1');
    await decide(handle, 'blind', 'reject');
    expect(await handle.result()).toMatchObject({ outcome: 'rejected', stop: { kind: 'decision' } });
  });

  test('in preflight asks nobody: preflight says it better', async () => {
    const { room: asking, blind } = await room();
    blind.add('p95');
    const handle = await asking.start({ input: { attestations: {} }, until: '10m' });
    const status = await statusWhen(handle, () => true);
    expect(status.holds.map(({ id }) => id)).not.toContain('blind');
    expect(status.blind.map(({ check }) => check)).toEqual(['p95']);
    await handle.terminate();
  });

  thorough(
    'go-on accepts it until sight returns, and another one is another question that ends by itself',
    async () => {
      const { room: watched, blind } = await room();
      const handle = await watched.start({ until: '14m' });
      blind.add('p95');
      await fastForwardTo(lab.client, handle.workflowId, '28m');
      await openHold(handle, 'blind');
      await decide(handle, 'blind', 'go-on');
      await statusWhen(handle, ({ holds }) => holds.length === 0);
      blind.add('error-rate');
      await fastForwardTo(lab.client, handle.workflowId, '44m');
      expect((await openHold(handle, 'blind'))?.reason).toMatch(/^No readings of error-rate at service for [^;]*$/);
      blind.delete('error-rate');
      await fastForwardTo(lab.client, handle.workflowId, '60m');
      const { holds, blind: now } = await statusWhen(handle, () => true);
      // What was accepted is still blind, and asks nothing.
      expect(holds).toEqual([]);
      expect(now.filter((each) => each.to === undefined).map(({ check }) => check)).toEqual(['p95']);
      // A service nobody sees isn't called complete.
      await fastForwardTo(lab.client, handle.workflowId, '3h');
      expect((await statusWhen(handle, () => true)).phase).toBe('hypercare');
      blind.clear();
      expect(await toTheEnd(handle)).toMatchObject({ outcome: 'completed' });
    },
  );

  test('the way out rolls back', async () => {
    const { room: soaking, blind } = await room();
    after(soaking, 'deploy-canary.1', () => blind.add('health canary'));
    const handle = await soaking.start();
    expect((await openHold(handle, 'blind'))?.choices).toEqual(['go-on', 'roll-back']);
    await decide(handle, 'blind', 'roll-back');
    expect(await handle.result()).toMatchObject({ outcome: 'rolled-back', stop: { kind: 'decision', by: 'Bea' } });
  });

  thorough('while verifying keeps the go-live from being called deployed', async () => {
    const { room: verified, blind } = await room((plan) => ({
      ...plan,
      stages: plan.stages.map((stage, index) => (index === 2 ? { ...stage, gate: 'Last?' } : stage)),
    }));
    const handle = await verified.start();
    await openHold(handle, 'gate-rolling-100');
    blind.add('invariants');
    await openHold(handle, 'blind');
    await decide(handle, 'gate-rolling-100', 'go');
    await statusWhen(handle, ({ holds }) => holds.every(({ id }) => id === 'blind'));
    expect(verified.world.executed).not.toContain('deploy-rolling-100.1');
    expect(verified.world.messages).toHaveLength(2);
    blind.clear();
    expect(await handle.result()).toMatchObject({ outcome: 'completed' });
  });

  thorough.each([
    ['blind all the time', () => true],
    ['flapping', (now: number) => Math.floor(now / 90_000) % 2 === 0],
  ] as const)('%s for hours of hypercare fills no history', async (_, isBlind) => {
    const watched = await lab.room((plan) => ({ ...plan, hypercare: hypercareFor(6 * 60 * MINUTE) }));
    const handle = await watched.start({ until: '14m' });
    const before = (await handle.fetchHistory()).events?.length ?? 0;
    watched.world.readings = (check, _target, now) =>
      check.name === 'p95' && isBlind(now) ? { kind: 'none', text: 'ECONNREFUSED' } : goodReading(check);
    await fastForwardTo(lab.client, handle.workflowId, '6h');
    const events = (await handle.fetchHistory()).events?.length ?? 0;
    // With the timers that the skipping of time needs, and the ones that notice a worker that reports nothing.
    expect((events - before) / 5.75).toBeLessThan(420);
    watched.world.readings = goodReading;
    expect(await toTheEnd(handle)).toMatchObject({ outcome: 'completed' });
  });
});

describe('a watch that reports nothing', () => {
  /** Time stands still while an activity waits for its worker: short lengths. */
  const short = (plan: Plan): Plan => ({
    ...plan,
    checks: plan.checks.filter(({ kind }) => kind === 'probe').map((check) => ({ ...check, every: 400, timeout: 200 })),
    triggers: plan.triggers.filter((trigger) => 'check' in trigger && ['health', 'ready'].includes(trigger.check)),
    hypercare: hypercareFor(3_000),
    stages: withSoak(plan, { min: 3_000, max: 60_000, settle: 500 }).stages,
  });

  thorough('is blind in a soak until it is back', async () => {
    const made = await lab.stoppable.room(short);
    after(made, 'deploy-canary.1', () => setTimeout(() => void made.stopObserving(), 0));
    const handle = await made.start();
    expect((await openHold(handle, 'blind'))?.reason).toContain('no worker has reported');
    expect(made.world.executed).not.toContain('deploy-rolling-25.1');
    const next: ObserveInput[] = [];
    made.world.watch = (input, seen) => {
      if (input.states.some(({ target }) => target === 'canary')) next.push(input);
      return seen;
    };
    await historyWhen(handle, (events) => {
      const late = events.map((event) => String(event.activityTaskTimedOutEventAttributes?.scheduledEventId));
      return events.some(
        (event) =>
          late.includes(String(event.eventId)) &&
          Buffer.from(event.userMetadata?.summary?.data ?? []).includes('watch canary'),
      );
    });
    await made.startObserving();
    expect(await handle.result()).toMatchObject({ outcome: 'completed' });
    // The first tells of it when everything has been looked at, however long it may be; the next are as ever.
    expect(next.slice(0, 2).map(({ once, coalesce }) => ({ once, coalesce }))).toEqual([
      { once: true, coalesce: undefined },
      { once: undefined, coalesce: undefined },
    ]);
  });
});
