import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CommandEnd } from '../../../src/domain/commands/command.js';
import type { SmokeEvidence } from '../../../src/domain/smoke/smoke-evidence.js';
import { exit, type ScriptedWorld } from '../../support/scripted-world.js';
import { quickly, thorough } from '../../support/thorough.js';
import { decide, openHold, WorkflowLab, type Room } from '../../support/workflow-lab.js';

let lab: WorkflowLab;
beforeAll(async () => {
  lab = await WorkflowLab.open();
});
afterAll(() => lab.close());

const result = async (room: Room) => await (await room.start()).result();
const unknown: CommandEnd = { kind: 'unknown', why: 'its supervisor died', alive: [] };

describe('a deploy that', () => {
  test.each<[string, CommandEnd, string]>(
    quickly(1, [
      ['exits 1', exit(1), 'exit 1: slot 3 refused'],
      ['is over its deadline', { kind: 'deadline' }, 'stopped at its deadline'],
      ['is killed', { kind: 'signalled', signal: 'SIGKILL' }, 'ended by SIGKILL'],
      [
        "can't be started",
        { kind: 'not-started', why: './deploy.sh: no such file' },
        'not started: ./deploy.sh: no such file',
      ],
    ]),
  )('%s is rolled back', async (_, end, why) => {
    const room = await lab.room();
    room.world.ends['deploy-rolling-25'] = end;
    room.world.prints['deploy-rolling-25'] = { stderr: 'some progress\nslot 3 refused\n' };
    const { outcome, stop } = await result(room);
    expect(outcome).toBe('rolled-back');
    expect(stop?.reason).toBe(`deploy rolling-25 failed, ${why}`);
  });

  test('exits 0 without the release answering is rolled back', async () => {
    const room = await lab.room();
    room.world.findings['canary answers'] = { state: 'fail', detail: 'RC.2 ×1 at canary, expected RC.3' };
    expect(await result(room)).toMatchObject({
      outcome: 'rolled-back',
      stop: { reason: expect.stringContaining("exited 0, but its release doesn't answer") as unknown as string },
    });
  });
});

describe('a deploy whose outcome nobody knows is held', () => {
  async function held() {
    const room = await lab.room();
    room.world.ends['deploy-canary.1'] = unknown;
    const handle = await room.start();
    const hold = await openHold(handle, 'unknown-deploy-canary-1');
    expect(hold?.choices).toEqual(['retry', 'treat-as-done', 'roll-back']);
    // Nobody waits for an announcement, so it may come after the question.
    while (room.world.pages.length === 0) await new Promise((next) => setTimeout(next, 20));
    expect(room.world.pages.at(-1)).toContain('golive decide');
    expect(room.world.executed.filter((name) => name.startsWith('deploy'))).toEqual(['deploy-canary.1']);
    return { room, handle };
  }

  thorough('retry fences it and is a new decision', async () => {
    const { room, handle } = await held();
    await decide(handle, 'unknown-deploy-canary-1', 'retry');
    expect(await handle.result()).toMatchObject({ outcome: 'completed' });
    expect(room.world.stopped).toEqual(['deploy-canary.1']);
    expect(room.world.settled).toEqual(['deploy-canary.1: retry by Bea']);
    expect(room.world.executed.filter((name) => name.startsWith('deploy-canary'))).toEqual([
      'deploy-canary.1',
      'deploy-canary.2',
    ]);
  });

  thorough('treat-as-done goes on to the proof', async () => {
    const { room, handle } = await held();
    await decide(handle, 'unknown-deploy-canary-1', 'treat-as-done');
    expect(await handle.result()).toMatchObject({ outcome: 'completed' });
    expect(room.world.executed.filter((name) => name.startsWith('deploy-canary'))).toEqual(['deploy-canary.1']);
  });

  test('roll-back fences it and rolls back', async () => {
    const { room, handle } = await held();
    await decide(handle, 'unknown-deploy-canary-1', 'roll-back');
    expect(await handle.result()).toMatchObject({
      outcome: 'rolled-back',
      stop: { kind: 'decision', by: 'Bea', reason: 'looked at it' },
    });
    expect(room.world.stopped).toEqual(['deploy-canary.1']);
  });

  test('an answer that answers nothing is refused with those that would', async () => {
    const { handle } = await held();
    await expect(decide(handle, 'unknown-deploy-canary-1', 'promote')).rejects.toMatchObject({
      cause: {
        message: expect.stringContaining('Choose one of: retry, treat-as-done, roll-back') as unknown as string,
      },
    });
    await expect(decide(handle, 'soak-canary', 'extend')).rejects.toMatchObject({
      cause: { message: expect.stringContaining('Open: unknown-deploy-canary-1') as unknown as string },
    });
    await expect(handle.executeUpdate('decide', { args: ['yes'] })).rejects.toMatchObject({
      cause: { message: expect.stringContaining('A decision is {"hold","choice","by","reason"}') as unknown as string },
    });
    await handle.terminate();
  });

  thorough('it pages again and again', async () => {
    const room = await lab.room();
    room.world.ends['deploy-canary.1'] = unknown;
    const handle = await room.start({ until: '35m' });
    expect(room.world.pages.length).toBeGreaterThanOrEqual(3);
    await handle.terminate();
  });
});

thorough('a read-only command whose outcome is unknown is simply run again', async () => {
  const room = await lab.room();
  room.world.ends['smoke.1'] = unknown;
  expect(await result(room)).toMatchObject({ outcome: 'completed' });
  expect(room.world.executed.filter((name) => name.startsWith('smoke'))).toEqual(['smoke.1', 'smoke.2']);
});

thorough('a command that finds another one running waits for it', async () => {
  const room = await lab.room();
  let tries = 0;
  room.world.ends['deploy-canary'] = { kind: 'busy', heldBy: 'deploy-canary.1 of go-live-other' };
  room.world.during = (name) => {
    if (name !== 'deploy-canary.1') return;
    tries += 1;
    if (tries === 3) room.world.ends = {};
  };
  expect(await result(room)).toMatchObject({ outcome: 'completed' });
  expect(tries).toBeGreaterThanOrEqual(3);
});

const broken: SmokeEvidence = {
  passed: 4,
  skipped: 0,
  failed: 1,
  failing: [{ test: 't.login', areas: ['auth'], said: 'no token' }],
  uncovered: ['auth'],
};

describe('the verification', () => {
  test.each<[string, (world: ScriptedWorld) => unknown, string]>(
    quickly(1, [
      ['the live version', (world) => (world.deploysNothing = true), 'live version (RC.2, expected RC.3)'],
      [
        'readiness',
        (world) =>
          (world.during = (name) =>
            (world.findings = name === 'deploy-rolling-100.1' ? { ready: { state: 'fail', detail: '503' } } : {})),
        'ready (503)',
      ],
      [
        'the smoke',
        (world) => {
          world.ends['smoke'] = exit(1);
          world.smokes['smoke'] = broken;
        },
        'smoke (exit 1, failed in auth: t.login (no token))',
      ],
      [
        'a smoke that exits 0 although a test failed',
        (world) => (world.smokes['smoke'] = broken),
        'smoke (exit 0, failed in auth',
      ],
      [
        'a contract',
        (world) =>
          (world.during = (name) =>
            (world.findings = name === 'smoke.1' ? { '/aris3/stock': { state: 'fail', detail: '401' } } : {})),
        '/aris3/stock (401)',
      ],
      [
        'the integrity command',
        (world) =>
          (world.during = (name) =>
            (world.findings =
              name === 'smoke.1' ? { integrity: { state: 'fail', detail: 'stock invariants FAIL' } } : {})),
        'integrity (stock invariants FAIL)',
      ],
    ]),
  )('that fails on %s rolls back', async (_, break_, why) => {
    const room = await lab.room();
    break_(room.world);
    const { outcome, stop } = await result(room);
    expect(stop).toMatchObject({ kind: 'trigger', by: 'verification' });
    expect(stop?.reason).toContain(why);
    expect(outcome).toBe('rolled-back');
    expect(room.world.messages.join()).not.toContain('go-live complete');
  });
});

describe('a rollback', () => {
  async function rollingBack(prepare: (room: Room) => void) {
    const room = await lab.room();
    room.world.ends['deploy-canary'] = exit(1);
    prepare(room);
    return { room, handle: await room.start() };
  }
  const rollbacks = (room: Room) => room.world.executed.filter((name) => /^rollback\.\d/.test(name));

  test('that fails once is tried again, as the plan says', async () => {
    const { room, handle } = await rollingBack(({ world }) => (world.ends['rollback.1'] = exit(1)));
    expect(await handle.result()).toMatchObject({ outcome: 'rolled-back' });
    expect(rollbacks(room)).toEqual(['rollback.1', 'rollback.2']);
  });

  test('that fails as often as the plan allows is held, and can be retried', async () => {
    const { room, handle } = await rollingBack(({ world }) => {
      world.ends['rollback.1'] = exit(1);
      world.ends['rollback.2'] = exit(1);
    });
    expect((await openHold(handle, 'rollback-failed'))?.reason).toContain('the rollback command failed, exit 1');
    await decide(handle, 'rollback-failed', 'retry');
    expect(await handle.result()).toMatchObject({ outcome: 'rolled-back' });
    expect(rollbacks(room)).toEqual(['rollback.1', 'rollback.2', 'rollback.3']);
  });

  test('is not called rolled back without proof', async () => {
    const { room, handle } = await rollingBack(({ world }) => (world.findings['health'] = { state: 'pass' }));
    room.world.ends['rollback-smoke.1'] = exit(1);
    room.world.smokes['rollback-smoke.1'] = broken;
    expect((await openHold(handle, 'rollback-failed'))?.reason).toContain('smoke (exit 1, failed in auth');
    await decide(handle, 'rollback-failed', 'prove-again');
    expect(await handle.result()).toMatchObject({ outcome: 'rolled-back' });
    expect(rollbacks(room)).toEqual(['rollback.1']);
  });

  test('that a person takes over ends as that', async () => {
    const { room, handle } = await rollingBack(({ world }) => (world.ends['rollback'] = exit(1)));
    await openHold(handle, 'rollback-failed');
    await decide(handle, 'rollback-failed', 'take-over');
    expect(await handle.result()).toMatchObject({
      outcome: 'rollback-failed',
      summary:
        'Bea took over: looked at it. Known then: live version: RC.2 ×30; the rollback command failed, exit 1; nothing after it was looked at',
    });
    expect(room.world.messages.join()).not.toContain('complete');
  });

  test('whose outcome nobody knows is never retried blindly', async () => {
    const { room, handle } = await rollingBack(({ world }) => (world.ends['rollback.1'] = unknown));
    expect((await openHold(handle, 'unknown-rollback-1'))?.choices).toEqual(['retry', 'treat-as-done', 'take-over']);
    expect(rollbacks(room)).toEqual(['rollback.1']);
    await decide(handle, 'unknown-rollback-1', 'retry');
    expect(await handle.result()).toMatchObject({ outcome: 'rolled-back' });
    expect(rollbacks(room)).toEqual(['rollback.1', 'rollback.2']);
  });

  test('waits for people when what it stops does not end, and goes on when told to', async () => {
    const room = await lab.room();
    room.world.ends['deploy-canary'] = 'hangs';
    room.world.stops['deploy-canary.1'] = { state: 'unproven', survivors: [4711], why: 'it does not die' };
    const handle = await room.start();
    await openHoldAfterAbort(room, handle);
    await decide(handle, 'survivors-deploy-canary', 'go-on');
    expect(await handle.result()).toMatchObject({ outcome: 'rolled-back' });
  });

  async function openHoldAfterAbort(room: Room, handle: Awaited<ReturnType<Room['start']>>) {
    while (!room.world.executed.includes('deploy-canary.1')) await new Promise((next) => setTimeout(next, 20));
    await handle.signal('abort', 'x');
    expect((await openHold(handle, 'survivors-deploy-canary'))?.reason).toContain('it does not die (4711)');
    expect(room.world.executed).not.toContain('rollback.1');
  }
});
