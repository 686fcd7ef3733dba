import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/activity';
import { hypercareFor } from '../../support/hypercare-for.js';
import type { Plan } from '../../../src/domain/plan/plan.js';
import { pairs } from '../../support/pairs.js';
import { untilCancelled } from '../../support/scripted-world.js';
import { quickly, thorough } from '../../support/thorough.js';
import {
  decide,
  historyWhen,
  openHold,
  statusWhen,
  WorkflowLab,
  type GoLiveHandle,
  type Room,
} from '../../support/workflow-lab.js';

let lab: WorkflowLab;
beforeAll(async () => {
  lab = await WorkflowLab.open();
});
afterAll(() => lab.close());

/** The phases of a go-live, each with a way to be in the middle of it. */
const phases: Record<string, (room: Room) => Promise<GoLiveHandle>> = {
  'preflight, in the middle of the checklist': async (room) => {
    room.world.ends['checklist'] = 'hangs';
    return started(room, ({ commands }) => commands.some(({ step }) => step === 'checklist'));
  },
  'preflight, with an attestation open': async (room) => {
    const handle = await room.start({ input: { attestations: {} } });
    await openHold(handle, 'attest-open-incidents');
    return handle;
  },
  "the canary's deploy command": async (room) => {
    room.world.ends['deploy-canary'] = 'hangs';
    return started(room, ({ commands }) =>
      commands.some(({ step, state }) => step === 'deploy-canary' && state === 'running'),
    );
  },
  "the canary's soak": (room) => room.start({ until: '2m' }),
  'a hold': async (room) => {
    room.world.ends['deploy-rolling-25'] = { kind: 'unknown', why: 'its supervisor died', alive: [] };
    const handle = await room.start();
    await openHold(handle, 'unknown-deploy-rolling-25-1');
    return handle;
  },
  'the smoke of the verification': async (room) => {
    room.world.ends['smoke'] = 'hangs';
    return started(room, ({ phase }) => phase === 'verifying');
  },
  hypercare: (room) => room.start({ until: '14m' }),
};

async function started(room: Room, wanted: Parameters<typeof statusWhen>[1]): Promise<GoLiveHandle> {
  const handle = await room.start();
  await statusWhen(handle, wanted);
  return handle;
}

const ways: Record<string, (handle: GoLiveHandle) => Promise<unknown>> = {
  'the signal abort': (handle) => handle.signal('abort', { reason: 'errors rise', by: 'Bea' }),
  'the signal abort with a bare string': (handle) => handle.signal('abort', 'errors rise'),
  'the update requestAbort': (handle) =>
    handle.executeUpdate('requestAbort', { args: [{ reason: 'errors rise', by: 'Bea' }] }),
  cancellation: (handle) => handle.cancel(),
};

/** Short soaks and hypercare: what matters here is where a stop meets them. */
const quick = (plan: Plan): Plan => ({
  ...plan,
  hypercare: hypercareFor(900_000),
  stages: plan.stages.map((stage) => ({ ...stage, soak: { min: 240_000, max: 600_000, settle: 60_000 } })),
});

test.each(quickly(5, pairs(Object.keys(phases), Object.keys(ways))))(
  'in %s, %s stops the go-live',
  async (phase, way) => {
    const room = await lab.room(quick);
    const handle = await phases[phase]!(room);
    await ways[way]!(handle);
    const result = await handle.result();
    const { executed, messages, live } = room.world;

    if (phase.startsWith('preflight')) {
      expect(result.outcome).toBe('aborted');
      expect(executed.filter((name) => /deploy|rollback/.test(name))).toEqual([]);
    } else {
      expect(result.outcome).toBe('rolled-back');
      expect(executed.filter((name) => name.startsWith('rollback'))).toEqual(['rollback.1', 'rollback-smoke.1']);
      expect(messages.at(-2)).toMatch(
        /^ARIS3 rollout aborted due to .*\. Rollback in progress to RC\.2\. Next status in 10 min\.$/,
      );
      expect(result.proof.map(({ name, state }) => `${state} ${name}`)).toEqual([
        'pass live version',
        'pass health',
        'pass ready',
        'pass smoke',
        'pass login',
        'pass /aris3/stock',
        'pass /aris3/reports/overview',
        'pass /aris3/exports',
        'pass integrity',
      ]);
      expect(live).toBe('RC.2');
    }
    expect(result.stop).toMatchObject({
      kind: 'abort',
      reason: way === 'cancellation' ? 'the workflow was cancelled' : 'errors rise',
    });
  },
);

test('a command in flight is fenced before the rollback runs', async () => {
  const room = await lab.room();
  const handle = await phases["the canary's deploy command"]!(room);
  await handle.signal('abort', 'x');
  await handle.result();
  expect(room.world.stopped).toEqual(['deploy-canary.1']);
});

test('the update says what is in flight and what happens next; a second abort adds its reason and changes nothing', async () => {
  const room = await lab.room();
  const handle = await phases["the canary's deploy command"]!(room);
  room.world.ends['rollback'] = 'hangs';
  expect(await handle.executeUpdate('requestAbort', { args: ['first'] })).toEqual({
    accepted: true,
    phase: 'deploying',
    inFlight: 'deploy-canary',
    next: 'rollback to RC.2 starts now',
  });
  await statusWhen(handle, ({ commands }) => commands.some(({ step }) => step === 'rollback'));
  expect(await handle.executeUpdate('requestAbort', { args: ['second'] })).toMatchObject({
    accepted: false,
    phase: 'rolling-back',
    next: 'it is already being stopped: first',
  });
  await handle.signal('abort', { by: 'Bea', reason: 'orders hang' });
  await handle.cancel();
  const { stop, ineffective } = await statusWhen(handle, ({ phase }) => phase === 'rolling-back'); // it has taken them in
  expect(stop).toMatchObject({
    reason: 'first',
    also: [
      { by: 'unknown', reason: 'second' },
      { by: 'Bea', reason: 'orders hang' },
    ],
  });
  expect(ineffective).toEqual([]);
  expect(room.world.executed.filter((name) => name.startsWith('rollback'))).toEqual(['rollback.1']);
  await handle.terminate();
});

test('an abort that is there before the first workflow task deploys nothing', async () => {
  const room = await lab.room();
  const handle = await lab.client.workflow.signalWithStart('controlledGoLive', {
    workflowId: `go-live-${room.environment}`,
    taskQueue: room.world.taskQueue,
    args: [room.input()],
    signal: 'abort',
    signalArgs: [{ reason: 'never mind', by: 'Ana' }],
  });
  expect(await handle.result()).toMatchObject({ outcome: 'aborted', stop: { reason: 'never mind', by: 'Ana' } });
  expect(room.world.executed).toEqual([]);
});

describe('a trigger that fires', () => {
  const fired = {
    trigger: 'health-down',
    check: 'health',
    target: 'service',
    detail: 'failed 3 in a row, the last: 503 in 4 ms',
  };

  test('rejects before anything was deployed', async () => {
    const room = await lab.room();
    room.world.ends['checklist'] = 'hangs';
    room.world.watch = async (_, clean) => {
      while (!room.world.executed.includes('checklist.1')) await new Promise((next) => setTimeout(next, 10));
      return { ...clean, observedMs: 0, fired: [fired] };
    };
    const handle = await room.start();
    expect(await handle.result()).toMatchObject({
      outcome: 'rejected',
      stop: { kind: 'trigger', by: 'trigger health-down' },
    });
    expect(room.world.executed).not.toContain('deploy-canary.1');
    expect(room.world.stopped).toEqual(['checklist.1']);
  });

  test.each(
    quickly(1, [
      ['canary', 'soaking canary'],
      ['service', 'deploying rolling-25'],
      ['service', 'hypercare for 1h'],
    ]),
  )('at %s rolls back while %s', async (target, moment) => {
    // Time stands still while a command hangs: short segments.
    const room = await lab.room((plan) => ({
      ...plan,
      stages: plan.stages.map((stage) => ({ ...stage, soak: { min: 2_000, max: 600_000, settle: 1_000 } })),
    }));
    if (moment === 'deploying rolling-25') room.world.ends['deploy-rolling-25'] = 'hangs';
    let armed = false;
    room.world.during = (name) => {
      armed ||=
        moment === 'soaking canary'
          ? name === 'deploy-canary.1'
          : moment === 'deploying rolling-25'
            ? name === 'deploy-rolling-25.1'
            : name === 'smoke.1';
    };
    room.world.watch = (input, clean) =>
      armed && input.states.some((state) => state.target === target)
        ? { ...clean, observedMs: 0, fired: [{ ...fired, target }] }
        : clean;
    const result = await (await room.start()).result();
    expect(result).toMatchObject({
      outcome: 'rolled-back',
      stop: { kind: 'trigger', reason: `health at ${target} failed 3 in a row, the last: 503 in 4 ms` },
    });
    expect(room.world.live).toBe('RC.2');
  });

  test('changes nothing about a rollback that runs', async () => {
    const room = await lab.room();
    let rollingBack = false;
    room.world.during = (name) => void (rollingBack ||= name === 'rollback.1');
    room.world.ends['deploy-canary'] = { kind: 'exited', exitCode: 1 };
    room.world.watch = (_, clean) => (rollingBack ? { ...clean, observedMs: 0, fired: [fired] } : clean);
    expect(await (await room.start()).result()).toMatchObject({
      outcome: 'rolled-back',
      stop: { kind: 'failure', by: 'deploy' },
    });
    expect(room.world.executed.filter((name) => name === 'rollback.1')).toHaveLength(1);
  });
});

thorough('a watch whose worker has died is stopped like any other: its failure comes to nobody', async () => {
  const room = await lab.room();
  let looking = () => {};
  const looks = new Promise<void>((resolve) => (looking = resolve));
  room.world.ends['rollback'] = 'hangs';
  room.world.watch = async (input, clean) => {
    if (!input.states.some(({ target }) => target === 'canary')) return clean;
    looking();
    // What a segment that is asked to end comes to when nobody is there to end it: a failure, not a cancellation.
    await untilCancelled();
    throw ApplicationFailure.nonRetryable('activity Heartbeat timeout');
  };
  const handle = await room.start();
  await looks;
  await handle.signal('abort', { reason: 'errors rise', by: 'Bea' });
  await historyWhen(handle, (events) => events.some((event) => event.activityTaskFailedEventAttributes));
  room.world.release('rollback.1');
  expect(await handle.result()).toMatchObject({ outcome: 'rolled-back', stop: { by: 'Bea' } });
});

test('a signal nobody knows changes nothing and is told', async () => {
  const room = await lab.room();
  const handle = await room.start({ until: '1m' });
  await handle.signal('abrot', 'typo');
  expect(JSON.stringify(await handle.query('timeline'))).toContain('unknown signal \\"abrot\\" ignored');
  await handle.terminate();
});

thorough("a flood of aborts and unknown signals can't make a run too big to end", async () => {
  const room = await lab.room();
  room.world.ends['deploy-canary'] = { kind: 'exited', exitCode: 1 };
  room.world.ends['rollback'] = 'hangs';
  const handle = await room.start();
  await statusWhen(handle, ({ commands }) => commands.some(({ step }) => step === 'rollback'));
  for (let wave = 0; wave < 30; wave += 1) {
    await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        handle.signal(index % 2 ? 'abort' : 'abrot', {
          reason: `${wave}.${index} ${'x'.repeat(500)}`,
          by: 'y'.repeat(500),
        }),
      ),
    );
  }
  room.world.release('rollback.1');
  expect(await handle.result()).toMatchObject({ outcome: 'rolled-back' });
});

test('a trigger that fires does not wait for the time its segment says it has seen', async () => {
  const room = await lab.room();
  let armed = false;
  room.world.during = (name) => (armed ||= name === 'deploy-canary.1');
  room.world.watch = (input, clean) =>
    armed && input.states.some(({ target }) => target === 'canary')
      ? {
          ...clean,
          lengthMs: 3_600_000,
          fired: [{ trigger: 'health-down', check: 'health', target: 'canary', detail: '3 in a row' }],
        }
      : clean;
  const result = await (await room.start()).result();
  const at = (words: string) => Date.parse(result.timeline.find(({ what }) => what.startsWith(words))?.at ?? '');
  expect(result.outcome).toBe('rolled-back');
  expect(at('rolling back') - at('soaking canary')).toBeLessThan(60_000);
});

thorough('a question that stays open does not fill the history', async () => {
  const room = await lab.room();
  const handle = await room.start({ input: { attestations: {} }, until: '4h' });
  const { events } = await handle.fetchHistory();
  // Ten minutes of one a minute, then one in ten minutes.
  expect(
    events?.filter((event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'observe').length,
  ).toBeLessThan(45);
  await decide(handle, 'attest-open-incidents', 'reject');
  expect(await handle.result()).toMatchObject({ outcome: 'rejected' });
});
