import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { goodReading } from '../../support/simulated-watch.js';
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
} from '../../support/workflow-lab.js';

let lab: WorkflowLab;
beforeAll(async () => {
  lab = await WorkflowLab.open();
});
afterAll(() => lab.close());

const MINUTE = 60_000;
const said = { by: 'Bea', reason: 'payments look odd' };
const toTheEnd = async (handle: GoLiveHandle) => {
  await enableTimeSkipping(lab.client, handle.workflowId);
  return handle.result();
};

describe('pause', () => {
  thorough(
    'that is there before the first workflow task: preflight runs, nothing is deployed or announced until resume',
    async () => {
      const room = await lab.room();
      const handle = (await lab.client.workflow.signalWithStart<(input: object) => Promise<never>, [object]>(
        'controlledGoLive',
        {
          workflowId: `go-live-${room.environment}`,
          taskQueue: room.world.taskQueue,
          args: [room.input()],
          signal: 'pause',
          signalArgs: [said],
        },
      )) as unknown as GoLiveHandle;
      const { phase, paused } = await statusWhen(handle, ({ preflight }) =>
        preflight.some(({ name }) => name === 'frozen-rules'),
      );
      expect({ phase, paused }).toMatchObject({ phase: 'preflight', paused: said });
      await enableTimeSkipping(lab.client, handle.workflowId);
      await fastForwardTo(lab.client, handle.workflowId, '2h');
      expect(room.world.executed).not.toContain('deploy-canary.1');
      expect(room.world.messages).toEqual([]);
      await handle.signal('resume', said);
      expect(await toTheEnd(handle)).toMatchObject({ outcome: 'completed' });
    },
  );

  test('during a soak: its clock goes on, and the next step begins with resume', async () => {
    const room = await lab.room();
    const handle = await room.start({ until: '2m' });
    await handle.signal('pause', said);
    await fastForwardTo(lab.client, handle.workflowId, '9m');
    expect(await handle.query('status')).toMatchObject({ phase: 'soaking', paused: said, holds: [] });
    expect(room.world.executed).not.toContain('deploy-rolling-25.1');
    await handle.signal('resume', { by: 'Ana', reason: 'they are fine' });
    const result = await toTheEnd(handle);
    expect(result.outcome).toBe('completed');
    expect(momentOf(result, 'deploying rolling-25') - momentOf(result, 'soaking canary')).toBeGreaterThan(8 * MINUTE);
    expect(momentOf(result, 'deploying rolling-25') - momentOf(result, 'resumed by Ana: they are fine')).toBeLessThan(
      MINUTE + 5_000,
    );
    expect(whatHappened(result)).toContain(
      'paused by Bea: payments look odd. No further step begins; clocks, commands and triggers go on',
    );
  });

  thorough('during a command: it runs to its end, and the soak after it too', async () => {
    const room = await lab.room();
    const pausing = lab.client.workflow.getHandle(`go-live-${room.environment}`);
    room.world.during = (name) => (name === 'deploy-canary.1' ? pausing.signal('pause', said) : undefined);
    const handle = await room.start({ until: '30m' });
    expect(await handle.query('status')).toMatchObject({ phase: 'soaking', paused: said });
    expect(room.world.stopped).toEqual([]);
    expect(room.world.executed).not.toContain('deploy-rolling-25.1');
    await handle.signal('resume', said);
    expect(await toTheEnd(handle)).toMatchObject({ outcome: 'completed' });
  });

  thorough('in hypercare: the go-live is complete only after resume', async () => {
    const room = await lab.room();
    const handle = await room.start({ until: '30m' });
    await handle.signal('pause', said);
    await fastForwardTo(lab.client, handle.workflowId, '3h');
    expect(await handle.query('status')).toMatchObject({ phase: 'hypercare', paused: said });
    await handle.signal('resume', said);
    expect(await toTheEnd(handle)).toMatchObject({ outcome: 'completed' });
  });

  test.each([
    ['nothing', [], 'unknown', 'no reason given'],
    ['null', [null], 'unknown', 'no reason given'],
    ['a number', [42], 'unknown', 'no reason given'],
    ['a list', [['x']], 'unknown', 'no reason given'],
    ['a bare text', ['odd'], 'unknown', 'odd'],
    ['wrong kinds', [{ by: 3, reason: {} }], 'unknown', 'no reason given'],
    ['too much', [{ by: 'Bea', reason: 'a\nb', more: 1 }, 'second'], 'Bea', 'a b'],
  ])('and resume count with %s as a payload', async (_, payload, by, reason) => {
    const room = await lab.room();
    const handle = await room.start({ until: '1m' });
    await handle.signal('pause', ...(payload as [unknown?]));
    await statusWhen(handle, ({ paused }) => paused?.by === by && paused.reason === reason);
    await handle.signal('resume', ...(payload as [unknown?]));
    await statusWhen(handle, ({ paused }) => paused === undefined);
    await handle.terminate();
  });

  test('without effect is told with why: twice, not paused, during a rollback', async () => {
    const room = await lab.room();
    room.world.ends['rollback'] = 'hangs';
    const handle = await room.start({ until: '1m' });
    await handle.signal('resume', said);
    await handle.signal('pause', said);
    await handle.signal('pause', { by: 'Ana', reason: 'me too' });
    expect((await statusWhen(handle, ({ paused }) => paused !== undefined)).paused?.by).toBe('Bea');
    await handle.signal('abort', { by: 'Ana', reason: 'enough' });
    const { paused } = await statusWhen(handle, ({ commands }) => commands.some(({ step }) => step === 'rollback'));
    // A rollback isn't paused, and nobody should read that it is.
    expect(paused).toBeUndefined();
    await handle.signal('pause', said);
    await handle.signal('resume', said);
    await statusWhen(handle, () => true);
    room.world.release('rollback.1');
    const told = whatHappened(await toTheEnd(handle));
    expect(told).toContain('resume by Bea (payments look odd) ignored: it is not paused');
    expect(told).toContainEqual(
      expect.stringMatching(/^pause by Ana \(me too\) ignored: it is paused since [-0-9]+ [:0-9]+Z by Bea$/),
    );
    expect(told).toContain('pause by Bea (payments look odd) ignored: it is being stopped');
    expect(told).toContain('resume by Bea (payments look odd) ignored: it is being stopped');
    expect(room.world.live).toBe('RC.2');
  });
});

test('what comes before the first workflow task counts in the order it came in', async () => {
  const room = await lab.stoppable.room();
  let handle: GoLiveHandle | undefined;
  await room.withoutWorkflows(async () => {
    handle = await lab.client.workflow.start('controlledGoLive', {
      workflowId: `go-live-${room.environment}`,
      taskQueue: room.world.taskQueue,
      args: [room.input()],
    });
    await handle.signal('pause', { by: 'Ana', reason: 'first' });
    await handle.signal('resume', said);
    await handle.signal('pause', { by: 'Cid', reason: 'last' });
  });
  expect((await statusWhen(handle!, ({ phase }) => phase !== 'scheduled')).paused?.by).toBe('Cid');
  await handle!.terminate();
});

test('an abort while paused is immediate', async () => {
  const room = await lab.room();
  const handle = await room.start({ until: '1m' });
  await handle.signal('pause', said);
  await fastForwardTo(lab.client, handle.workflowId, '20m');
  await handle.signal('abort', { by: 'Ana', reason: 'enough' });
  const result = await handle.result(); // time passes at its real pace
  expect(result).toMatchObject({ outcome: 'rolled-back', stop: { kind: 'abort', by: 'Ana' } });
});

thorough('a trigger that fires while paused rolls back', async () => {
  const room = await lab.room();
  const handle = await room.start({ until: '1m' });
  await handle.signal('pause', said);
  await fastForwardTo(lab.client, handle.workflowId, '20m');
  room.world.readings = (check) => (check.name === 'ready' ? { kind: 'bad', text: '503 in 4 ms' } : goodReading(check));
  expect(await toTheEnd(handle)).toMatchObject({ outcome: 'rolled-back', stop: { by: 'trigger not-ready' } });
});

thorough('a soak that is over long since counts for nothing when a breach clock runs at resume', async () => {
  const room = await lab.room();
  const handle = await room.start({ until: '1m' });
  await handle.signal('pause', said);
  await fastForwardTo(lab.client, handle.workflowId, '20m');
  room.world.readings = (check) => (check.name === 'p95' ? { kind: 'value', value: 612 } : goodReading(check));
  await fastForwardTo(lab.client, handle.workflowId, '30m');
  await handle.signal('resume', said);
  expect(await toTheEnd(handle)).toMatchObject({ outcome: 'rolled-back', stop: { by: 'trigger latency' } });
  expect(room.world.executed).not.toContain('deploy-rolling-25.1');
});

thorough('a long pause does not fill the history', async () => {
  const room = await lab.room();
  const handle = await room.start({ until: '1m' });
  const before = await scheduled(handle, 'observe');
  await handle.signal('pause', said);
  await fastForwardTo(lab.client, handle.workflowId, '4h');
  const during = (await scheduled(handle, 'observe')) - before;
  expect(during).toBeLessThan(3 * 6 * 4 + 60);
  await handle.signal('resume', said);
  expect(await toTheEnd(handle)).toMatchObject({ outcome: 'completed' });
});

thorough('a gate that is answered while paused lets nothing go before resume', async () => {
  const room = await lab.room((plan) => ({
    ...plan,
    stages: plan.stages.map((stage) => ({ ...stage, gate: `May ${stage.name} go?` })),
  }));
  // No gate stays open for long: segments get long then, and a scripted one can't be hurried.
  const handle = await room.start({ until: '1m' });
  for (const [stage, moment] of [
    ['canary', '2m'],
    ['rolling-25', '9m'],
    ['rolling-100', '16m'],
  ] as const) {
    await fastForwardTo(lab.client, handle.workflowId, moment);
    await openHold(handle, `gate-${stage}`);
    await handle.signal('pause', said);
    await decide(handle, `gate-${stage}`, 'go');
    await statusWhen(handle, ({ holds }) => holds.length === 0);
    expect(await handle.query('timeline')).not.toContainEqual(expect.objectContaining({ what: `deploying ${stage}` }));
    expect(room.world.executed).not.toContain(`deploy-${stage}.1`);
    await handle.signal('resume', said);
    await statusWhen(handle, () => room.world.executed.includes(`deploy-${stage}.1`));
  }
  expect(await toTheEnd(handle)).toMatchObject({ outcome: 'completed' });
});
