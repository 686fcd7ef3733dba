import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Plan } from '../../../src/domain/plan/plan.js';
import { goodReading } from '../../support/simulated-watch.js';
import { thorough } from '../../support/thorough.js';
import { fastForwardTo } from '../../support/time-skipping.js';
import { decide, openHold, statusWhen, whatHappened, WorkflowLab, type Room } from '../../support/workflow-lab.js';

let lab: WorkflowLab;
beforeAll(async () => {
  lab = await WorkflowLab.open();
});
afterAll(() => lab.close());

/** The probes' triggers and an alert ask, and fire at once. */
const asking = (plan: Plan): Plan => ({
  ...plan,
  triggers: [
    ...plan.triggers
      .filter(({ name }) => name !== 'p1-alert')
      .map((trigger) =>
        ['health-down', 'not-ready'].includes(trigger.name) ? { ...trigger, action: 'ask' as const } : trigger,
      ),
    { name: 'p1-alert', external: true, for: 0, action: 'ask' },
  ],
});
const down = (room: Room, ...checks: string[]) =>
  void (room.world.readings = (check) =>
    checks.includes(check.name) ? { kind: 'bad', text: '503' } : goodReading(check));
const firing = { trigger: 'p1-alert', state: 'firing' };

test('fires in preflight: nothing is deployed until somebody decides; no rejects', async () => {
  const room = await lab.room(asking);
  room.world.ends['checklist'] = 'hangs';
  const handle = await room.start();
  await statusWhen(handle, ({ commands }) => commands.some(({ step }) => step === 'checklist'));
  await handle.signal('alert', firing);
  expect(await openHold(handle, 'trigger-p1-alert')).toMatchObject({ choices: ['go-on', 'reject'] });
  room.world.release('checklist.1');
  await statusWhen(handle, ({ preflight }) => preflight.some(({ name }) => name === 'frozen-rules'));
  expect(room.world.executed).not.toContain('deploy-canary.1');
  await decide(handle, 'trigger-p1-alert', 'reject');
  expect(await handle.result()).toMatchObject({ outcome: 'rejected', stop: { kind: 'decision', by: 'Bea' } });
  expect(room.world.executed).not.toContain('deploy-canary.1');
});

test('of two who answer one question at once the second is told who was first, with what and when', async () => {
  const room = await lab.room();
  const handle = await room.start({ input: { attestations: { stagingParity: 'x' } } });
  await openHold(handle, 'attest-open-incidents');
  await openHold(handle, 'attest-frozen-rules');
  const both = await Promise.allSettled(
    ['Ana', 'Bea'].map((by) => decide(handle, 'attest-open-incidents', 'confirm', by)),
  );
  const first = both[0]?.status === 'fulfilled' ? 'Ana' : 'Bea';
  const words = new RegExp(
    `^${first} answered attest-open-incidents with confirm at [-\\d]+ [:\\d]+Z\\. Open: attest-frozen-rules \\(`,
  );
  const refused = both.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
  expect(refused).toEqual([
    expect.objectContaining({ cause: expect.objectContaining({ message: expect.stringMatching(words) }) }),
  ]);
  expect((await statusWhen(handle, ({ holds }) => holds.length === 1)).answered).toMatchObject([
    { hold: 'attest-open-incidents', choice: 'confirm', by: first },
  ]);
  await expect(decide(handle, 'attest-open-incidents', 'reject', 'Cid')).rejects.toMatchObject({
    cause: { message: expect.stringMatching(words) },
  });
  await decide(handle, 'attest-frozen-rules', 'reject');
  expect(await handle.result()).toMatchObject({
    outcome: 'rejected',
    answered: [{ by: first }, { hold: 'attest-frozen-rules', choice: 'reject', at: expect.any(String) }],
  });
});

thorough('two questions at once: each wants its answer before anything goes on', async () => {
  const room = await lab.room(asking);
  const handle = await room.start({ until: '2m' });
  down(room, 'health', 'ready');
  await fastForwardTo(lab.client, handle.workflowId, '4m');
  expect((await statusWhen(handle, () => true)).holds.map(({ id }) => id).sort()).toEqual([
    'trigger-health-down',
    'trigger-not-ready',
  ]);
  down(room);
  await decide(handle, 'trigger-health-down', 'go-on');
  await fastForwardTo(lab.client, handle.workflowId, '40m');
  expect(room.world.executed).not.toContain('deploy-rolling-25.1');
  expect((await statusWhen(handle, () => true)).holds.map(({ id }) => id)).toEqual(['trigger-not-ready']);
  await decide(handle, 'trigger-not-ready', 'roll-back');
  expect(await handle.result()).toMatchObject({ outcome: 'rolled-back', stop: { kind: 'decision' } });
});

thorough("a question does not stand in front of another trigger's rollback, nor of an abort", async () => {
  for (const [stop, kind] of [
    ['trigger', 'trigger'],
    ['abort', 'abort'],
  ] as const) {
    const room = await lab.room(asking);
    const handle = await room.start({ until: '2m' });
    await handle.signal('alert', firing);
    await openHold(handle, 'trigger-p1-alert');
    if (stop === 'abort') await handle.signal('abort', 'enough');
    else {
      room.world.readings = (check) => (check.name === 'invariants' ? { kind: 'value', value: 1 } : goodReading(check));
      await fastForwardTo(lab.client, handle.workflowId, '2m40s').catch(() => undefined); // it may have ended by then
    }
    const result = await handle.result();
    expect(result).toMatchObject({ outcome: 'rolled-back', stop: { kind } });
    expect(whatHappened(result)).toContain('hold trigger-p1-alert closed: no answer needed any more');
  }
});

test('during a rollback asks nobody', async () => {
  const room = await lab.room(asking);
  room.world.ends['deploy-canary'] = { kind: 'exited', exitCode: 1 };
  let told = () => {};
  const asked = new Promise<void>((resolve) => (told = resolve));
  room.world.during = (name) => (name === 'rollback.1' ? asked : undefined); // until its watch has said that the service is down
  const fired = { trigger: 'health-down', check: 'health', target: 'service', detail: 'failed' };
  room.world.watch = (_, seen) =>
    room.world.executed.includes('rollback.1')
      ? (told(), { ...seen, lengthMs: 0, observedMs: 0, fired: [fired] })
      : { ...seen, lengthMs: 200 };
  const handle = await room.start();
  const result = await handle.result();
  expect(result).toMatchObject({ outcome: 'rolled-back', stop: { kind: 'failure' } });
  expect(room.world.pages).toEqual([]);
});
