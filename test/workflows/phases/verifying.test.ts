import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CommandEnd } from '../../../src/domain/commands/command.js';
import type { SmokeEvidence } from '../../../src/domain/smoke/smoke-evidence.js';
import { exit, type ScriptedWorld } from '../../support/scripted-world.js';
import { quickly, thorough } from '../../support/thorough.js';
import { decide, openHold, statusWhen, WorkflowLab, type Room } from '../../support/workflow-lab.js';

let lab: WorkflowLab;
beforeAll(async () => {
  lab = await WorkflowLab.open();
});
afterAll(() => lab.close());

const result = async (room: Room) => await (await room.start()).result();
const smokes = (room: Room, step = 'smoke') => room.world.executed.filter((name) => name.startsWith(`${step}.`));
const ran: SmokeEvidence = { passed: 5, skipped: 0, failed: 0, failing: [], uncovered: [] };

/** Each is a smoke that has said nothing about the release; test/domain/smoke/smoke-report.test.ts has all the ways. */
const SAYING_NOTHING: [string, CommandEnd, SmokeEvidence][] = [
  ['a crash of the runner', exit(3), { unreadable: 'it wrote no report' }],
  ['a hang', { kind: 'deadline' }, { unreadable: 'it wrote no report' }],
  ['an area without a test that passed', exit(0), { ...ran, uncovered: ['pos-checkout'] }],
];

describe('a smoke that says nothing', () => {
  thorough('once is run once more, and a pass is a pass', async () => {
    const room = await lab.room();
    room.world.ends['smoke.1'] = exit(3);
    room.world.smokes['smoke.1'] = { unreadable: 'it wrote no report' };
    expect(await result(room)).toMatchObject({ outcome: 'completed' });
    expect(smokes(room)).toEqual(['smoke.1', 'smoke.2']);
  });

  test.each(quickly(1, SAYING_NOTHING))(
    'twice (%s) is a question to people: no rollback, no pass',
    async (_, end, evidence) => {
      const room = await lab.room();
      sayNothing(room.world, end, evidence);
      const handle = await room.start();
      expect((await openHold(handle, 'smoke-unknown'))?.choices).toEqual(['retry', 'treat-as-passed', 'roll-back']);
      expect(smokes(room)).toEqual(['smoke.1', 'smoke.2']);
      expect(room.world.executed).not.toContain('rollback.1');
      expect(room.world.messages.join()).not.toContain('go-live complete');
      await handle.terminate();
    },
  );

  const held = async () => {
    const room = await lab.room();
    sayNothing(room.world, exit(3), { unreadable: 'it wrote no report' });
    const handle = await room.start();
    await openHold(handle, 'smoke-unknown');
    return { room, handle };
  };

  thorough('is run again when a person says so, and fails when it then fails', async () => {
    const { room, handle } = await held();
    room.world.ends = { 'smoke.3': exit(1) };
    room.world.smokes = { 'smoke.3': { ...ran, failed: 1, failing: [{ test: 't.x', areas: [] }] } };
    await decide(handle, 'smoke-unknown', 'retry');
    expect(await handle.result()).toMatchObject({
      outcome: 'rolled-back',
      stop: { reason: 'verification failed: smoke (exit 1, failed in unclassified: t.x)' },
    });
  });

  thorough('can be vouched for, which is on record', async () => {
    const { handle } = await held();
    await decide(handle, 'smoke-unknown', 'treat-as-passed');
    const { outcome, verification } = await handle.result();
    expect(outcome).toBe('completed');
    expect(verification).toContainEqual({
      name: 'smoke',
      state: 'attested',
      detail: 'Bea: looked at it (exit 3, it wrote no report)',
    });
  });

  thorough('can be the reason for a person to roll back', async () => {
    const { handle } = await held();
    await decide(handle, 'smoke-unknown', 'roll-back');
    expect(await handle.result()).toMatchObject({ outcome: 'rolled-back', stop: { kind: 'decision', by: 'Bea' } });
  });

  thorough('holds up no rollback: a broken contract is enough', async () => {
    const room = await lab.room();
    sayNothing(room.world, exit(3), { unreadable: 'it wrote no report' });
    room.world.during = (name) =>
      (room.world.findings =
        name === 'smoke.2' ? { '/aris3/stock': { state: 'fail', detail: 'totals.total_units is gone' } } : {});
    expect(await result(room)).toMatchObject({
      outcome: 'rolled-back',
      stop: { reason: 'verification failed: /aris3/stock (totals.total_units is gone)' },
    });
  });

  test('after a rollback is run once more, and then is a fault of its proof', async () => {
    const room = await lab.room();
    room.world.ends['deploy-canary'] = exit(1);
    room.world.ends['rollback-smoke'] = exit(3);
    room.world.smokes['rollback-smoke'] = { unreadable: 'it wrote no report' };
    const handle = await room.start();
    expect((await openHold(handle, 'rollback-failed'))?.reason).toContain(
      'smoke (not known: exit 3, it wrote no report',
    );
    expect(smokes(room, 'rollback-smoke')).toEqual(['rollback-smoke.1', 'rollback-smoke.2']);
    room.world.ends = {};
    room.world.smokes = {};
    await decide(handle, 'rollback-failed', 'prove-again');
    expect(await handle.result()).toMatchObject({ outcome: 'rolled-back' });
  });
});

test('the previous release needs no test of each area to be proven', async () => {
  const room = await lab.room();
  room.world.ends['deploy-canary'] = exit(1);
  room.world.smokes['rollback-smoke'] = { ...ran, uncovered: ['pos-checkout'] };
  expect(await result(room)).toMatchObject({ outcome: 'rolled-back' });
});

thorough('a smoke without a report is judged by its exit code', async () => {
  const room = await lab.room((plan) => ({
    ...plan,
    verify: { ...plan.verify, smoke: { ...plan.verify.smoke, environment: {}, areas: undefined } },
  }));
  room.world.ends['smoke'] = exit(5);
  expect(await result(room)).toMatchObject({
    outcome: 'rolled-back',
    stop: { reason: 'verification failed: smoke (exit 5)' },
  });
});

describe('the rules', () => {
  test('have to be kept before anything is deployed', async () => {
    const room = await lab.room();
    room.world.findings['login'] = {
      state: 'fail',
      detail: 'not known: the credentials were refused: 401 INVALID_CREDENTIALS',
    };
    expect(await result(room)).toMatchObject({
      outcome: 'rejected',
      stop: { reason: expect.stringContaining('login (not known: the credentials were refused') as unknown as string },
    });
    expect(room.world.executed.some((name) => name.startsWith('deploy'))).toBe(false);
  });

  thorough('are then held against the shapes that were seen before', async () => {
    const room = await lab.room();
    const handle = await room.start();
    await statusWhen(handle, ({ phase }) => phase === 'hypercare' || phase === 'ended');
    expect(room.world.baselines).toEqual([undefined, room.world.shapes]);
    expect(await handle.result()).toMatchObject({ outcome: 'completed' });
  });
});

function sayNothing(world: ScriptedWorld, end: CommandEnd, evidence: SmokeEvidence): void {
  world.ends['smoke'] = end;
  world.smokes['smoke'] = evidence;
}

describe('a look that says nothing after the deploy', () => {
  /** From the smoke on, the integrity command says this, look by look. */
  const integrity = async (...states: ('unknown' | 'pass' | 'fail')[]) => {
    const room = await lab.room();
    let verifying = false;
    room.world.during = (name) => (verifying ||= name === 'smoke.1');
    room.world.lookAtRulesFinds = (findings) => {
      if (!verifying) return findings;
      const state = states.length > 1 ? states.shift() : states[0];
      return findings.map((finding) =>
        finding.name === 'integrity' && state ? { ...finding, state, detail: 'Traceback' } : finding,
      );
    };
    return room;
  };

  thorough('once is looked at once more', async () => {
    expect(await result(await integrity('unknown', 'pass'))).toMatchObject({ outcome: 'completed' });
  });

  thorough('twice is a question, and the next look decides', async () => {
    const handle = await (await integrity('unknown', 'unknown', 'unknown', 'pass')).start();
    expect((await openHold(handle, 'verification-unknown'))?.choices).toEqual([
      'retry',
      'treat-as-passed',
      'roll-back',
    ]);
    await decide(handle, 'verification-unknown', 'retry');
    await statusWhen(handle, ({ holds }) => holds.length === 1);
    await decide(handle, 'verification-unknown', 'retry');
    expect(await handle.result()).toMatchObject({ outcome: 'completed' });
  });

  thorough('and then is bad rolls back', async () => {
    const handle = await (await integrity('unknown', 'unknown', 'fail')).start();
    await openHold(handle, 'verification-unknown');
    await decide(handle, 'verification-unknown', 'retry');
    expect(await handle.result()).toMatchObject({
      outcome: 'rolled-back',
      stop: { reason: 'verification failed: integrity (Traceback)' },
    });
  });
});
