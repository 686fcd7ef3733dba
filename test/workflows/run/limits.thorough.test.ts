import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hypercareFor } from '../../support/hypercare-for.js';
import { hypercareWith } from '../../support/hypercare-story.js';
import { fastForwardTo } from '../../support/time-skipping.js';
import { decide, momentOf, openHold, statusWhen, WorkflowLab, type GoLiveHandle } from '../../support/workflow-lab.js';

let lab: WorkflowLab;
beforeAll(async () => {
  lab = await WorkflowLab.open();
});
afterAll(() => lab.close());

const MINUTE = 60_000;
const eventsOf = async (handle: GoLiveHandle) => (await handle.fetchHistory()).events ?? [];

describe('a reading that says nothing of the condition is not the fresh reading a trigger needs', () => {
  test('a till that failed once and then stood idle does not roll back', async () => {
    const { room } = await hypercareWith(lab, 'checkout', (since) =>
      since < 2 * MINUTE
        ? { kind: 'value', value: 0 }
        : since < 30 * MINUTE
          ? { kind: 'idle', text: 'no requests' }
          : undefined,
    );
    expect(await (await room.start()).result()).toMatchObject({ outcome: 'completed' });
  });

  test('nor do readings in part that are below the threshold', async () => {
    const { room } = await hypercareWith(lab, 'error-rate', (since) =>
      since < 2 * MINUTE
        ? { kind: 'value', value: 0.06 }
        : since < 20 * MINUTE
          ? { kind: 'value', value: 0, inPart: true }
          : undefined,
    );
    expect(await (await room.start()).result()).toMatchObject({ outcome: 'completed' });
  });
});

test('a stage whose gate is opened while the go-live is paused is not deployed', async () => {
  const room = await lab.room((plan) => ({
    ...plan,
    stages: plan.stages.map((stage) => (stage.name === 'rolling-25' ? { ...stage, gate: 'Are errors low?' } : stage)),
  }));
  const handle = await room.start();
  await openHold(handle, 'gate-rolling-25');
  await handle.signal('pause', { by: 'Ana', reason: 'something is odd' });
  await statusWhen(handle, ({ paused }) => paused !== undefined);
  await decide(handle, 'gate-rolling-25', 'go');
  await statusWhen(handle, ({ holds }) => holds.length === 0);
  // What the answer has led to stands in the run's own record, before anything runs.
  expect(await handle.query('timeline')).not.toContainEqual(expect.objectContaining({ what: 'deploying rolling-25' }));
  await handle.signal('resume', { by: 'Ana', reason: 'nothing' });
  await statusWhen(handle, () => room.world.executed.includes('deploy-rolling-25.1'));
  expect(await handle.query('timeline')).toContainEqual(expect.objectContaining({ what: 'deploying rolling-25' }));
});

test('without any soak the contracts and the integrity are watched in hypercare', async () => {
  const { room } = await hypercareWith(
    lab,
    'integrity',
    () => ({ kind: 'bad', text: 'stock invariants FAIL' }),
    (plan) => ({ ...plan, stages: plan.stages.map((stage) => ({ ...stage, soak: undefined })) }),
  );
  expect(await (await room.start()).result()).toMatchObject({
    outcome: 'rolled-back',
    stop: { by: 'trigger integrity-drift' },
  });
});

describe('the history stays far under 51,200 events', () => {
  test('when hypercare is over and a guardrail stays breached: somebody is told, and it is not looked at every 20 s for ever', async () => {
    const { room } = await hypercareWith(lab, 'p95', () => ({ kind: 'value', value: 400 }));
    const handle = await room.start({ until: '1h50m' });
    const { holds } = await handle.query<{ holds: object[] }>('status');
    await handle.terminate();
    expect(holds).not.toHaveLength(0);
  });

  test('when a breach flaps all through 72 hours of hypercare', async () => {
    const { room } = await hypercareWith(
      lab,
      'p95',
      (since) => (Math.round(since / 15_000) % 2 ? { kind: 'value', value: 612 } : undefined),
      (plan) => ({ ...plan, hypercare: hypercareFor(72 * 60 * MINUTE) }),
    );
    const handle = await room.start({ until: '1h' });
    // Skipped time is an event of its own that no real run has.
    const count = async () => (await eventsOf(handle)).filter(({ eventType }) => Number(eventType) !== 60).length;
    const before = await count();
    await fastForwardTo(lab.client, handle.workflowId, '2h');
    const perHour = (await count()) - before;
    await handle.terminate();
    // Of the 51,200 that the server allows: 20,000 is not far under, but under.
    expect(72 * perHour).toBeLessThan(20_000);
  });
});

test('contracts and integrity that nobody has looked at for twenty minutes keep hypercare from being called complete', async () => {
  const room = await lab.room((plan) => ({ ...plan, hypercare: hypercareFor(30 * MINUTE) }));
  room.world.watch = (input, seen) =>
    room.world.executed.includes('smoke.1') && input.states.some(({ check }) => check === 'contracts')
      ? {
          ...seen,
          states: input.states.map((state) => ({ ...state, toldAgeMs: 60 * MINUTE })),
          looks: 0,
          observedMs: 0,
          lengthMs: 60 * MINUTE,
        } // the host answers nothing for an hour
      : seen;
  const handle = await room.start();
  const ended = await Promise.race([handle.result(), openHold(handle, 'blind')]);
  await handle.terminate().catch(() => undefined); // it may have ended
  expect(ended).toMatchObject({ id: 'blind' });
});

test('a plan without probes and metrics can be promoted, and does not look at nothing all the time', async () => {
  const room = await lab.room((plan) => ({
    ...plan,
    checks: plan.checks.filter(({ kind }) => kind === 'contracts' || kind === 'integrity'),
    triggers: plan.triggers.filter((each) => 'external' in each || ['contracts', 'integrity'].includes(each.check)),
    stages: plan.stages.map((stage) => ({ ...stage, targets: [] })),
  }));
  const handle = await room.start({ until: '1h' });
  const { holds } = await handle.query<{ holds: { id: string; reason: string }[] }>('status');
  const events = (await eventsOf(handle)).length;
  await handle.terminate();
  expect(holds).toEqual([]);
  // With all of the rollout.
  expect(events).toBeLessThan(600);
});

test('eight minutes that no worker looked are no soak, also when one check is looked at every five minutes', async () => {
  const room = await lab.room((plan) => ({
    ...plan,
    checks: plan.checks.map((each) => (each.name === 'invariants' ? { ...each, every: 5 * MINUTE } : each)),
    stages: plan.stages.map((stage) => ({
      ...stage,
      targets: [],
      ...(stage.soak ? { soak: { ...stage.soak, max: 60 * MINUTE } } : {}),
    })),
  }));
  let soaking = false;
  let segments = 0;
  room.world.during = (name) => (soaking ||= name === 'deploy-canary.1');
  room.world.watch = (input, seen) => {
    if (!soaking || !input.states.some(({ check }) => check === 'health')) return seen;
    segments += 1;
    // The worker died right after the second segment began; another one took over eight minutes later.
    return segments === 2
      ? { ...seen, lengthMs: seen.lengthMs + 8 * MINUTE, observedMs: Math.min(seen.observedMs, MINUTE) }
      : seen;
  };
  const handle = await room.start();
  const result = await handle.result();
  const soaked = momentOf(result, 'deploying rolling-25') - momentOf(result, 'soaking canary');
  // Five minutes of observed time, and the eight nobody saw.
  expect(soaked).toBeGreaterThanOrEqual(13 * MINUTE);
});
