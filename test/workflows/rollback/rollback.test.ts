import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CommandEnd } from '../../../src/domain/commands/command.js';
import type { Plan } from '../../../src/domain/plan/plan.js';
import type { SmokeEvidence } from '../../../src/domain/smoke/smoke-evidence.js';
import type { Finding } from '../../../src/domain/run/status.js';
import { exit } from '../../support/scripted-world.js';
import { thorough } from '../../support/thorough.js';
import {
  decide,
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

const unknown: CommandEnd = { kind: 'unknown', why: 'its supervisor died', alive: [] };
const broken: SmokeEvidence = {
  passed: 4,
  skipped: 0,
  failed: 1,
  failing: [{ test: 't.login', areas: ['auth'], said: 'no token' }],
  uncovered: ['auth'],
};
const fired = {
  trigger: 'health-down',
  check: 'health',
  target: 'service',
  detail: 'failed 3 in a row, the last: 503 in 4 ms',
};
const rollbacks = (room: Room) => room.world.executed.filter((name) => /^rollback\.\d/.test(name));
const running =
  (step: string) =>
  ({ commands }: { commands: readonly { step: string; state: string }[] }) =>
    commands.some((each) => each.step === step && each.state === 'running');

/** Time passes at its real pace while a command hangs: short segments. */
const short = (plan: Plan): Plan => ({
  ...plan,
  stages: plan.stages.map((stage) => ({ ...stage, soak: { min: 2_000, max: 600_000, settle: 1_000 } })),
});

/** A go-live that is rolled back because its canary can't be deployed. */
async function rollingBack(
  prepare: (room: Room) => void = () => undefined,
): Promise<{ room: Room; handle: GoLiveHandle }> {
  const room = await lab.room();
  room.world.ends['deploy-canary'] = exit(1);
  prepare(room);
  return { room, handle: await room.start() };
}

/** From now on each look finds that the service is down. */
const fireFrom = (room: Room, armed: () => boolean) => {
  room.world.watch = (_, clean) => (armed() ? { ...clean, observedMs: 0, fired: [fired] } : clean);
};

describe('a trigger', () => {
  test('during a deploy stops its command first', async () => {
    const room = await lab.room(short);
    room.world.ends['deploy-rolling-25'] = 'hangs';
    fireFrom(room, () => room.world.executed.includes('deploy-rolling-25.1'));
    expect(await (await room.start()).result()).toMatchObject({
      outcome: 'rolled-back',
      stop: { by: 'trigger health-down' },
    });
    expect(room.world.stopped).toEqual(['deploy-rolling-25.1']);
  });

  test('during a hold takes the question back', async () => {
    const room = await lab.room(short);
    room.world.ends['deploy-rolling-25.1'] = unknown;
    let asked = false;
    fireFrom(room, () => asked);
    const handle = await room.start();
    await openHold(handle, 'unknown-deploy-rolling-25-1');
    asked = true;
    const result = await handle.result();
    expect(result).toMatchObject({ outcome: 'rolled-back', stop: { by: 'trigger health-down' } });
    expect(whatHappened(result)).toContain('hold unknown-deploy-rolling-25-1 closed: no answer needed any more');
    // Whatever is left of it is ended all the same.
    expect(room.world.stopped).toEqual(['deploy-rolling-25.1']);
  });

  thorough('during the verification ends its smoke', async () => {
    const room = await lab.room(short);
    room.world.ends['smoke'] = 'hangs';
    fireFrom(room, () => room.world.executed.includes('smoke.1'));
    expect(await (await room.start()).result()).toMatchObject({
      outcome: 'rolled-back',
      stop: { by: 'trigger health-down' },
    });
    expect(room.world.stopped).toEqual(['smoke.1']);
  });

  test('that fires again and again starts one rollback, and the first stays the reason', async () => {
    const { room, handle } = await rollingBack(({ world }) => (world.ends['rollback'] = 'hangs'));
    fireFrom(room, () => room.world.executed.includes('rollback.1'));
    await statusWhen(handle, running('rollback'));
    await handle.signal('alert', { trigger: 'p1-alert', state: 'firing', source: 'a' });
    await handle.signal('alert', { trigger: 'p1-alert', state: 'firing', source: 'b' });
    room.world.release('rollback.1');
    expect(await handle.result()).toMatchObject({ outcome: 'rolled-back', stop: { by: 'deploy' } });
    expect(rollbacks(room)).toEqual(['rollback.1']);
  });

  thorough('while no worker carries workflows on acts when one is back', async () => {
    const room = await lab.stoppable.room(short);
    room.world.ends['deploy-rolling-25'] = 'hangs';
    let down = false;
    let found = false;
    fireFrom(room, () => (found = down));
    const handle = await room.start();
    await statusWhen(handle, running('deploy-rolling-25'));
    await room.withoutWorkflows(async () => {
      down = true;
      for (let looks = 0; looks < 200 && !found; looks += 1) await new Promise((next) => setTimeout(next, 20));
    });
    expect(await handle.result()).toMatchObject({ outcome: 'rolled-back', stop: { by: 'trigger health-down' } });
    expect(rollbacks(room)).toEqual(['rollback.1']);
  });
});

thorough('a restart of the workers in the middle of a rollback runs nothing twice', async () => {
  const room = await lab.stoppable.room();
  room.world.ends['deploy-canary'] = exit(1);
  room.world.ends['rollback'] = 'hangs';
  const handle = await room.start();
  await statusWhen(handle, running('rollback'));
  await room.withoutWorkflows(() => handle.signal('abort', 'again'));
  room.world.release('rollback.1');
  expect(await handle.result()).toMatchObject({ outcome: 'rolled-back' });
  expect(rollbacks(room)).toEqual(['rollback.1']);
});

describe('the rollback command', () => {
  test('that fails twice is held, and a retry begins anew', async () => {
    const { room, handle } = await rollingBack(({ world }) => {
      for (const generation of [1, 2, 3]) world.ends[`rollback.${generation}`] = exit(1);
      world.prints['rollback'] = { stderr: "half way\ndeploy.sh: unknown release 'RC.2'; there are RC.3\n" };
    });
    expect((await openHold(handle, 'rollback-failed'))?.reason).toBe(
      "The rollback to RC.2 is not proven: the rollback command failed, exit 1: deploy.sh: unknown release 'RC.2'; there are RC.3; nothing after it was looked at.",
    );
    await decide(handle, 'rollback-failed', 'retry');
    expect(await handle.result()).toMatchObject({ outcome: 'rolled-back' });
    expect(rollbacks(room)).toEqual(['rollback.1', 'rollback.2', 'rollback.3', 'rollback.4']);
  });

  test('that hangs to its deadline is a known failure, and tried again', async () => {
    const { room, handle } = await rollingBack(({ world }) => (world.ends['rollback.1'] = { kind: 'deadline' }));
    expect(await handle.result()).toMatchObject({ outcome: 'rolled-back' });
    expect(rollbacks(room)).toEqual(['rollback.1', 'rollback.2']);
  });

  test('whose outcome nobody knows can be taken over, and the end says what was known', async () => {
    const { room, handle } = await rollingBack(({ world }) => (world.ends['rollback.1'] = unknown));
    await openHold(handle, 'unknown-rollback-1');
    await decide(handle, 'unknown-rollback-1', 'take-over');
    const result = await handle.result();
    expect(result.outcome).toBe('rollback-failed');
    expect(result.summary).toBe(
      'Bea took over: looked at it. Known then: live version: RC.2 ×30; the rollback command: outcome unknown: its supervisor died',
    );
    expect(room.world.messages.at(-1)).toContain('ARIS3 rollback to RC.2 is not proven: Bea took over');
    expect(rollbacks(room)).toEqual(['rollback.1']);
  });
});

describe('the proof', () => {
  const failing = (name: string, state: Finding['state'], times: number) => (room: Room) => {
    let looks = 0;
    room.world.lookAtRulesFinds = (findings) => {
      if (!room.world.executed.includes('rollback.1')) return findings;
      looks += 1;
      return looks > times
        ? findings
        : findings.map((each) => (each.name === name ? { ...each, state, detail: 'as it is' } : each));
    };
  };

  test('wants the contracts of the previous release, held against what it answered before the deploy', async () => {
    const { room, handle } = await rollingBack(failing('/aris3/stock', 'fail', 2));
    expect((await openHold(handle, 'rollback-failed'))?.reason).toBe(
      'The rollback to RC.2 is not proven: /aris3/stock (as it is).',
    );
    expect(room.world.baselines.at(-1)).toEqual(room.world.shapes);
    await decide(handle, 'rollback-failed', 'prove-again');
    const result = await handle.result();
    expect(result).toMatchObject({ outcome: 'rolled-back' });
    expect(result.proof.map(({ name }) => name)).toEqual([
      'live version',
      'health',
      'ready',
      'smoke',
      'login',
      '/aris3/stock',
      '/aris3/reports/overview',
      '/aris3/exports',
      'integrity',
    ]);
    expect(rollbacks(room)).toEqual(['rollback.1']);
  });

  test.each<[string, Finding['state']]>([
    ['fails', 'fail'],
    ["can't be asked", 'unknown'],
  ])('looks once more at a contract that %s', async (_, state) => {
    const { handle } = await rollingBack(failing('/aris3/stock', state, 1));
    expect(await handle.result()).toMatchObject({ outcome: 'rolled-back' });
  });

  test('is none when nobody could ask a contract', async () => {
    const { handle } = await rollingBack(failing('login', 'unknown', 2));
    expect((await openHold(handle, 'rollback-failed'))?.reason).toContain('login (as it is)');
    await decide(handle, 'rollback-failed', 'prove-again');
    await handle.result();
  });

  test('shows data that are not as they should be, which no rollback of the application mends', async () => {
    const { handle } = await rollingBack(failing('integrity', 'fail', 9));
    const result = await handle.result();
    expect(result.outcome).toBe('rolled-back');
    expect(result.proof.find(({ name }) => name === 'integrity')).toMatchObject({ state: 'fail' });
    expect(result.summary).toContain('; THE DATA ARE WRONG: integrity (as it is)');
  });

  test('is there when a frozen rule is broken in the data alone: people are told, loudly, and nothing is tried again', async () => {
    const { room, handle } = await rollingBack(({ world }) => {
      world.lookAtRulesFinds = (findings) =>
        world.executed.includes('rollback.1')
          ? findings.map((each) =>
              each.name === '/aris3/stock'
                ? { ...each, state: 'fail', detail: 'TOTAL 9 is not 8', inData: true }
                : each,
            )
          : findings;
    });
    const result = await handle.result();
    expect(result.outcome).toBe('rolled-back');
    expect(result.summary).toContain('; THE DATA ARE WRONG: /aris3/stock (TOTAL 9 is not 8)');
    expect(room.world.messages.at(-1)).toMatch(
      /contracts proven\. THE DATA ARE STILL WRONG: \/aris3\/stock \(TOTAL 9 is not 8\)\.$/,
    );
    expect(rollbacks(room)).toEqual(['rollback.1']);
  });

  test('that fails first and passes then ends as rolled back', async () => {
    const { room, handle } = await rollingBack(({ world }) => {
      world.ends['rollback-smoke.1'] = exit(1);
      world.smokes['rollback-smoke.1'] = broken;
    });
    await openHold(handle, 'rollback-failed');
    expect(room.world.messages.join()).not.toContain('complete');
    await decide(handle, 'rollback-failed', 'retry');
    expect(await handle.result()).toMatchObject({ outcome: 'rolled-back' });
    expect(rollbacks(room)).toEqual(['rollback.1', 'rollback.2']);
  });
});

test('an abort during a rollback changes nothing', async () => {
  const { room, handle } = await rollingBack(({ world }) => (world.ends['rollback'] = 'hangs'));
  await statusWhen(handle, running('rollback'));
  expect(await handle.executeUpdate('requestAbort', { args: [{ reason: 'stop that', by: 'Bo' }] })).toMatchObject({
    accepted: false,
    phase: 'rolling-back',
  });
  await handle.cancel();
  room.world.release('rollback.1');
  const result = await handle.result();
  expect(result).toMatchObject({ outcome: 'rolled-back', stop: { by: 'deploy' } });
  expect(rollbacks(room)).toEqual(['rollback.1']);
});
