import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Plan } from '../../../src/domain/plan/plan.js';
import { hostQueue } from '../../../src/domain/run/task-queues.js';
import { thorough } from '../../support/thorough.js';
import { enableTimeSkipping } from '../../support/time-skipping.js';
import {
  decide,
  openHold,
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

/** Time stands still while a host is waited for, so the wait is short here, and nothing is watched there. */
const impatient = (plan: Plan): Plan => ({
  ...plan,
  checks: plan.checks.filter(({ kind }) => kind === 'probe'),
  holds: { ...plan.holds, hostAway: 1_500 },
});

test('a host that is away is a hold that ends by itself when it is back', async () => {
  const room = await lab.stoppable.room(impatient);
  const handle = await room.start({ until: '1m' });
  await room.stopHost('first');
  await enableTimeSkipping(lab.client, handle.workflowId);
  expect((await openHold(handle, 'host-away'))?.choices).toEqual(['roll-back']);
  expect(room.world.executed).not.toContain('deploy-rolling-25.1');
  await room.startHost('first');
  expect(await handle.result()).toMatchObject({ outcome: 'completed' });
  expect(room.world.executed.filter((name) => name.startsWith('deploy-rolling-25'))).toEqual(['deploy-rolling-25.1']);
});

test('decided for by a worker of another host, the commands still run on theirs, and that worker is asked once', async () => {
  const room = await lab.room();
  room.world.besideTheRun = undefined;
  const handle = await room.start({ until: '2m' });
  await statusWhen(handle, ({ phase }) => phase === 'soaking');
  await handle.signal('abort', 'x');
  expect(await handle.result()).toMatchObject({ outcome: 'rolled-back' });
  const queue = room.world.taskQueue;
  expect(await queuesOf(handle, ['authorise', 'earlierCommands'])).toContain(queue);
  expect(new Set(await queuesOf(handle, ['runCommand']))).toEqual(new Set([hostQueue(queue, 'first')]));
  expect(room.world.executed.filter((name) => name === 'rollback.1')).toHaveLength(1);
});

test('decided for by a worker of the same host, the commands run on it at once', async () => {
  const room = await lab.room();
  const handle = await room.start({ until: '2m' });
  await statusWhen(handle, ({ phase }) => phase === 'soaking');
  await handle.signal('abort', 'x');
  expect(await handle.result()).toMatchObject({ outcome: 'rolled-back' });
  expect(new Set(await queuesOf(handle, ['authorise', 'earlierCommands', 'runCommand']))).toEqual(
    new Set([room.world.taskQueue]),
  );
  // One of many looks side by side, which the server doesn't begin at once: any worker could have it.
  expect(new Set(await queuesOf(handle, ['lookAtRules']))).toEqual(new Set([hostQueue(room.world.taskQueue, 'first')]));
});

/** Where the activities of these types were scheduled. */
async function queuesOf(handle: GoLiveHandle, types: readonly string[]): Promise<string[]> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: asked }) =>
    asked && types.includes(asked.activityType?.name ?? '') ? [asked.taskQueue?.name ?? ''] : [],
  );
}

thorough('in a rollback a person who has fenced the host goes elsewhere', async () => {
  const room = await lab.stoppable.room(impatient);
  room.world.ends['deploy-canary'] = 'hangs';
  const handle = await room.start();
  await statusWhen(handle, ({ commands }) => commands.some(({ step }) => step === 'deploy-canary'));
  await room.stopHost('first');
  await handle.signal('abort', 'x');
  expect((await openHold(handle, 'host-away'))?.choices).toEqual(['roll-back-elsewhere', 'take-over']);
  room.world.hostId = 'second';
  await room.startHost('second');
  await decide(handle, 'host-away', 'roll-back-elsewhere');
  expect(await handle.result()).toMatchObject({ outcome: 'rolled-back' });
  expect(room.world.executed.filter((name) => name.startsWith('rollback'))).toEqual(['rollback.1', 'rollback-smoke.1']);
});

thorough('a worker that lacks the plan is a hold', async () => {
  const room = await lab.room(impatient);
  room.world.during = (name) => void (name === 'checklist.1' && (room.world.lacksPlan = true));
  const handle = await room.start();
  expect((await openHold(handle, 'host-away'))?.reason).toContain('this worker lacks the plan');
  room.world.lacksPlan = false;
  expect(await handle.result()).toMatchObject({ outcome: 'completed' });
});

thorough('looks side by side that meet the same absence ask about it once', async () => {
  const room = await lab.room(impatient);
  room.world.during = (name) => void (name === 'backup-validate.1' && (room.world.lacksPlan = true));
  const handle = await room.start();
  await openHold(handle, 'host-away');
  room.world.lacksPlan = false;
  const result = await handle.result();
  expect(result).toMatchObject({ outcome: 'completed' });
  expect(whatHappened(result).filter((what) => what.startsWith('hold host-away'))).toHaveLength(2); // asked, and over
});

describe('a run that was reset', () => {
  /** Resets a run to its first workflow task after something was recorded. */
  async function reset(
    handle: GoLiveHandle,
    which: (events: Events) => Events[number] | undefined,
  ): Promise<GoLiveHandle> {
    const { events } = await handle.fetchHistory();
    await lab.client.workflowService.resetWorkflowExecution({
      namespace: lab.client.options.namespace,
      workflowExecution: { workflowId: handle.workflowId },
      workflowTaskFinishEventId: which(events ?? [])?.eventId ?? null,
      reason: 'test',
      requestId: randomUUID(),
    });
    return lab.client.workflow.getHandle(handle.workflowId);
  }
  const firstTask = (events: Events) => events.find((event) => event.workflowTaskCompletedEventAttributes);
  const lastTask = (events: Events) => events.findLast((event) => event.workflowTaskCompletedEventAttributes);

  test('holds before any command, and its commands keep their results', async () => {
    const room = await lab.room();
    const again = await reset(await room.start({ until: '2m' }), firstTask);
    const executed = [...room.world.executed];
    expect((await openHold(again, 'reset'))?.choices).toEqual(['continue', 'reject']);
    expect(room.world.executed).toEqual(executed);
    await decide(again, 'reset', 'continue');
    await statusWhen(again, ({ phase }) => phase === 'soaking');
    expect(room.world.executed).toEqual(executed);
    await again.terminate();
  });

  thorough('holds again when it is reset a second time', async () => {
    const room = await lab.room();
    const once = await reset(await room.start({ until: '2m' }), firstTask);
    await openHold(once, 'reset');
    await decide(once, 'reset', 'continue');
    await statusWhen(once, ({ phase }) => phase === 'soaking');
    const executed = [...room.world.executed];
    const twice = await reset(once, lastTask);
    await enableTimeSkipping(lab.client, twice.workflowId);
    await openHold(twice, 'reset');
    expect(room.world.executed).toEqual(executed);
    await twice.terminate();
  });
});

type Events = NonNullable<Awaited<ReturnType<GoLiveHandle['fetchHistory']>>['events']>;

thorough('a run that is stopped while its host is away can be ended all the same', async () => {
  const room = await lab.stoppable.room(impatient);
  room.world.ends['checklist'] = 'hangs';
  const handle = await room.start();
  await statusWhen(handle, ({ commands }) => commands.some(({ step }) => step === 'checklist'));
  await room.stopHost('first');
  await handle.signal('abort', 'x');
  expect((await openHold(handle, 'host-away'))?.choices).toEqual(['end-anyway']);
  await decide(handle, 'host-away', 'end-anyway');
  expect(await handle.result()).toMatchObject({ outcome: 'aborted' });
});
