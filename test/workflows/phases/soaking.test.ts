import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { GoLiveResult } from '../../../src/domain/run/status.js';
import { thorough } from '../../support/thorough.js';
import { decide, openHold, WorkflowLab, type Room } from '../../support/workflow-lab.js';

let lab: WorkflowLab;
beforeAll(async () => {
  lab = await WorkflowLab.open();
});
afterAll(() => lab.close());

const MINUTE = 60_000;
const at = (result: GoLiveResult, words: string) =>
  Date.parse(result.timeline.find(({ what }) => what.startsWith(words))?.at ?? '');
const soaked = (result: GoLiveResult) => at(result, 'deploying rolling-25') - at(result, 'soaking canary');

/** A world in which the canary's soak never gets clean, until the test says so. */
async function neverClean(): Promise<{ room: Room; heal: () => void }> {
  const room = await lab.room();
  let unclean = true;
  room.world.watch = (_, clean) => (unclean ? { ...clean, lastUncleanAgeMs: 0 } : clean);
  return { room, heal: () => void (unclean = false) };
}

test('ends at min when all was clean', async () => {
  const room = await lab.room();
  const result = await (await room.start()).result();
  expect(soaked(result)).toBeGreaterThanOrEqual(5 * MINUTE);
  expect(soaked(result)).toBeLessThan(6 * MINUTE);
});

thorough('goes on past min until the last settle was clean', async () => {
  const room = await lab.room();
  let looks = 0;
  room.world.watch = (input, clean) => {
    if (!input.states.some(({ target }) => target === 'canary')) return clean;
    looks += 1;
    return looks <= 5 ? { ...clean, lastUncleanAgeMs: 0 } : clean;
  };
  const result = await (await room.start()).result();
  expect(soaked(result)).toBeGreaterThanOrEqual(7 * MINUTE);
  expect(soaked(result)).toBeLessThan(8 * MINUTE);
});

thorough('at max it is a question, and extend asks again later', async () => {
  const { room, heal } = await neverClean();
  const handle = await room.start();
  expect((await openHold(handle, 'soak-canary'))?.choices).toEqual(['extend', 'promote', 'roll-back']);
  expect(room.world.executed).not.toContain('deploy-rolling-25.1');
  heal();
  await decide(handle, 'soak-canary', 'extend');
  const result = await handle.result();
  expect(result.outcome).toBe('completed');
  expect(soaked(result)).toBeGreaterThanOrEqual(15 * MINUTE);
});

thorough('at max a person may promote', async () => {
  const { room, heal } = await neverClean();
  const handle = await room.start();
  await openHold(handle, 'soak-canary');
  await decide(handle, 'soak-canary', 'promote');
  heal();
  expect(await handle.result()).toMatchObject({ outcome: 'completed' });
});

thorough('at max a person may roll back', async () => {
  const { room } = await neverClean();
  const handle = await room.start();
  await openHold(handle, 'soak-canary');
  await decide(handle, 'soak-canary', 'roll-back');
  expect(await handle.result()).toMatchObject({ outcome: 'rolled-back', stop: { kind: 'decision', by: 'Bea' } });
});

test('without any reading nothing is promoted', async () => {
  const room = await lab.room((plan) => ({
    ...plan,
    stages: plan.stages.map((stage) => ({ ...stage, soak: { min: 20_000, max: 60_000, settle: 10_000 } })),
  }));
  room.world.watch = (input, clean) => ({ ...clean, states: input.states, observedMs: 0, looks: 0 });
  const handle = await room.start();
  expect((await openHold(handle, 'soak-canary'))?.reason).toContain('0s of 20s observed');
  await handle.terminate();
});

thorough('a gate waits for a person, and its answer comes before the message that promises the rollout', async () => {
  const room = await lab.room((plan) => ({
    ...plan,
    stages: plan.stages.map((stage) => (stage.name === 'rolling-25' ? { ...stage, gate: 'Are errors low?' } : stage)),
  }));
  const handle = await room.start();
  expect((await openHold(handle, 'gate-rolling-25'))?.choices).toEqual(['go', 'roll-back']);
  expect(room.world.messages).toHaveLength(1);
  await decide(handle, 'gate-rolling-25', 'go');
  expect(await handle.result()).toMatchObject({ outcome: 'completed' });
});
