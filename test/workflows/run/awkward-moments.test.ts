import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hypercareFor } from '../../support/hypercare-for.js';
import type { Plan } from '../../../src/domain/plan/plan.js';
import { pairs } from '../../support/pairs.js';
import { IN_FULL } from '../../support/thorough.js';
import { enableTimeSkipping, virtualTime } from '../../support/time-skipping.js';
import {
  historyWhen,
  lastCommandEnded,
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

const withAlert = (plan: Plan): Plan => ({
  ...plan,
  triggers: [
    ...plan.triggers.filter(({ name }) => name !== 'p1-alert'),
    { name: 'p1-alert', external: true, for: 0, action: 'rollback' },
  ],
});
const signals = {
  abort: (handle: GoLiveHandle) => handle.signal('abort', { by: 'Bea', reason: 'enough' }),
  alert: (handle: GoLiveHandle) => handle.signal('alert', { trigger: 'p1-alert', state: 'firing' }),
  pause: (handle: GoLiveHandle) => handle.signal('pause', { by: 'Bea', reason: 'wait' }),
};

type Signal = keyof typeof signals;

async function expectEffect(name: Signal, room: Room, handle: GoLiveHandle, next: string): Promise<void> {
  if (name === 'pause') {
    await statusWhen(handle, ({ paused }) => paused !== undefined);
    expect(room.world.executed).not.toContain(next);
    await handle.terminate();
    return;
  }
  expect(await handle.result()).toMatchObject({
    outcome: 'rolled-back',
    stop: { by: name === 'abort' ? 'Bea' : 'trigger p1-alert' },
  });
  expect(room.world.executed).not.toContain(next);
  expect(room.world.executed.filter((each) => each.startsWith('rollback.'))).toEqual(['rollback.1']);
}

/** Sends a signal so that it is handled in one workflow task with something else, and expects its effect. */
const moments: Record<string, (name: Signal) => Promise<void>> = {
  'the end of a deploy, which comes after it': (name) => withDeploy(name, 'before'),
  'the end of a deploy, which comes before it': (name) => withDeploy(name, 'after'),
  'the end of a soak, which comes after it': (name) => withSoakEnd(name, 'before'),
  'the end of a soak, which comes before it': (name) => withSoakEnd(name, 'after'),
  'the end of hypercare': withHypercareEnd,
};

async function withDeploy(name: Signal, when: 'before' | 'after'): Promise<void> {
  const room = await lab.stoppable.room(withAlert);
  room.world.ends['deploy-canary'] = 'hangs';
  // Its command goes on while nobody carries the workflow on.
  room.world.besideTheRun = undefined;
  const handle = await room.start();
  await statusWhen(handle, ({ commands }) => commands.some(({ step }) => step === 'deploy-canary'));
  await room.withoutWorkflows(async () => {
    if (when === 'before') await signals[name](handle);
    room.world.release('deploy-canary.1');
    await historyWhen(handle, lastCommandEnded);
    if (when === 'after') await signals[name](handle);
  });
  await expectEffect(name, room, handle, 'deploy-rolling-25.1');
}

async function withSoakEnd(name: Signal, when: 'before' | 'after'): Promise<void> {
  const room = await lab.stoppable.room(withAlert);
  const handle = await room.start({ until: '4m59s' });
  await room.withoutWorkflows(async () => {
    if (when === 'before') await signals[name](handle);
    while ((await virtualTime(lab.client, handle.workflowId)) < 302_000) await sleep(50); // its timers have fired by then
    if (when === 'after') await signals[name](handle);
  });
  await expectEffect(name, room, handle, 'deploy-rolling-25.1');
}

async function withHypercareEnd(name: Signal): Promise<void> {
  const room = await lab.stoppable.room((plan) => withAlert({ ...plan, hypercare: hypercareFor(2_000) }));
  const handle = await room.start({ until: '10m' });
  await statusWhen(handle, ({ phase }) => phase === 'hypercare').catch(() => undefined);
  await room.withoutWorkflows(async () => {
    const over = (await virtualTime(lab.client, handle.workflowId)) + 2_500;
    while ((await virtualTime(lab.client, handle.workflowId)) < over) await sleep(50);
    await signals[name](handle);
  });
  await enableTimeSkipping(lab.client, handle.workflowId);
  await expectEffect(name, room, handle, 'nothing else');
}

const names = Object.keys(moments);
// Three moments, each with its signal; in the full form and the campaign each moment with an abort, too.
const quick = pairs(names, ['abort', 'alert', 'pause'] as const);
const all = [...pairs(names, ['abort'] as const), ...pairs(names, ['alert', 'pause'] as const)];
test.each(IN_FULL ? all : quick.slice(0, 1))('in one workflow task with %s: %s', (moment, name) =>
  moments[moment]!(name),
);

const stops = [
  ['an abort', signals.abort, 'Bea'],
  ['a cancelled workflow', (handle: GoLiveHandle) => handle.cancel(), 'temporal workflow cancel'],
] as const;
test.each(stops)(
  'in one workflow task with the end of a pause: %s, before message C and hypercare',
  async (_, stop, by) => {
    const room = await lab.stoppable.room();
    room.world.ends['smoke'] = 'hangs';
    const handle = await room.start();
    await statusWhen(handle, ({ commands }) => commands.some(({ step }) => step === 'smoke'));
    await signals.pause(handle);
    room.world.release('smoke.1');
    await statusWhen(handle, ({ verification }) => verification.some(({ name }) => name === 'integrity'));
    await room.withoutWorkflows(async () => {
      await handle.signal('resume', { by: 'Bea', reason: 'go on' });
      await stop(handle);
    });
    const result = await handle.result();
    expect(result).toMatchObject({ outcome: 'rolled-back', stop: { by } });
    // It never began: no window that reaches over the rollback, and no criteria.
    expect(result.hypercare).toBeUndefined();
    const told = whatHappened(result);
    expect(told.filter((what) => what.startsWith('hypercare for'))).toEqual([]);
    // And nobody is told that the go-live is complete.
    expect(told.filter((what) => what.includes('go-live complete'))).toEqual([]);
  },
);
