import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Restore } from '../../../src/domain/plan/playbook.js';
import { exit } from '../../support/scripted-world.js';
import { withRestore } from '../../support/with-restore.js';
import { decide, openHold, WorkflowLab, type GoLiveHandle, type Room } from '../../support/workflow-lab.js';

// `golive rollback`: a release is taken back whose go-live has ended.
let lab: WorkflowLab;
beforeAll(async () => {
  lab = await WorkflowLab.open();
});
afterAll(() => lab.close());

const rollback = { reason: 'refunds fail since Monday', by: 'Bo' };

async function takingBack(
  prepare: (room: Room) => void = () => undefined,
  more: object = {},
): Promise<{ room: Room; handle: GoLiveHandle }> {
  const room = await lab.room();
  room.world.live = 'RC.3';
  prepare(room);
  return { room, handle: await room.start({ input: { rollback: { ...rollback, ...more } } }) };
}

test('runs the rollback and its proof, and nothing of a go-live', async () => {
  const { room, handle } = await takingBack();
  const result = await handle.result();
  expect(result).toMatchObject({
    outcome: 'rolled-back',
    stop: { kind: 'decision', reason: 'refunds fail since Monday', by: 'Bo' },
  });
  expect(room.world.executed).toEqual(['rollback.1', 'rollback-smoke.1']);
  expect(room.world.live).toBe('RC.2');
  expect(result.proof.every(({ state }) => state === 'pass')).toBe(true);
  expect(room.world.messages).toEqual([
    'ARIS3 rollout aborted due to refunds fail since Monday (decided by Bo). Rollback in progress to RC.2. Next status in 10 min.',
    expect.stringMatching(/^ARIS3 rollback to RC\.2 complete/) as unknown,
  ]);
  // Its own shapes of before are not known: the frozen rules alone count.
  expect(room.world.baselines).toEqual([undefined]);
});

test('the decision owner decides when nobody else is named', async () => {
  const { handle } = await takingBack(undefined, { by: undefined });
  expect(await handle.result()).toMatchObject({ stop: { by: 'Ana' } });
});

test('half a rollout, or a service that says nothing, is no question', async () => {
  const { handle } = await takingBack(({ world }) => (world.live = ''));
  expect(await handle.result()).toMatchObject({ outcome: 'rolled-back' });
});

test('the same holds as in every rollback', async () => {
  const { room, handle } = await takingBack(({ world }) => (world.ends['rollback'] = exit(1)));
  await openHold(handle, 'rollback-failed');
  await decide(handle, 'rollback-failed', 'take-over');
  expect(await handle.result()).toMatchObject({ outcome: 'rollback-failed' });
  expect(room.world.executed).toEqual(['rollback.1', 'rollback.2']);
});

test("an abort doesn't end it", async () => {
  const { handle } = await takingBack(({ world }) => (world.ends['rollback'] = exit(1)));
  await openHold(handle, 'rollback-failed');
  expect(await handle.executeUpdate('requestAbort', { args: ['stop'] })).toMatchObject({ accepted: false });
  await decide(handle, 'rollback-failed', 'take-over');
  await handle.result();
});

test("an alert doesn't, either", async () => {
  const { room, handle } = await takingBack(({ world }) => (world.ends['rollback'] = 'hangs'));
  while (room.world.executed.length === 0) await new Promise((next) => setTimeout(next, 20));
  await handle.signal('alert', { trigger: 'p1-alert', state: 'firing', source: 'a' });
  room.world.release('rollback.1');
  expect(await handle.result()).toMatchObject({ outcome: 'rolled-back', stop: { by: 'Bo' } });
});

describe('when the previous release is live already', () => {
  const already = async () => {
    const run = await takingBack(({ world }) => (world.live = 'RC.2'));
    expect((await openHold(run.handle, 'already-live'))?.reason).toContain('RC.2 is live already: RC.2 ×30');
    expect(run.room.world.executed).toEqual([]);
    return run;
  };

  test.each([
    ['roll-back', 'rolled-back', ['rollback.1', 'rollback-smoke.1']],
    ['prove-only', 'rolled-back', ['rollback-smoke.1']],
    ['leave', 'aborted', []],
  ])('%s ends as %s', async (choice, outcome, executed) => {
    const { room, handle } = await already();
    await decide(handle, 'already-live', choice);
    expect(await handle.result()).toMatchObject({ outcome });
    expect(room.world.executed).toEqual(executed);
  });
});

describe('when somebody has deployed another release by hand', () => {
  test.each([
    ['roll-back', 'rolled-back', ['rollback.1', 'rollback-smoke.1']],
    ['take-over', 'rollback-failed', []],
  ])('%s ends as %s', async (choice, outcome, executed) => {
    const { room, handle } = await takingBack(({ world }) => (world.live = 'RC.4'));
    expect(await openHold(handle, 'foreign-version')).toMatchObject({
      choices: ['roll-back', 'take-over'],
      reason: expect.stringMatching(/^RC\.4 is live, which is neither RC\.3 nor RC\.2/) as unknown,
    });
    expect(room.world.executed).toEqual([]);
    expect(room.world.messages).toEqual([]);
    await decide(handle, 'foreign-version', choice);
    expect(await handle.result()).toMatchObject({ outcome });
    expect(room.world.executed).toEqual(executed);
  });
});

describe('earlier commands', () => {
  test('nobody knows the end of are vouched for first', async () => {
    const { room, handle } = await takingBack(
      ({ world }) => (world.earlier = [{ workflowId: 'go-live-prod', step: 'deploy-rolling-100.1', state: 'unknown' }]),
    );
    expect(await openHold(handle, 'earlier-commands')).toMatchObject({
      choices: ['go-on', 'look-again', 'take-over'],
      reason: expect.stringContaining('deploy-rolling-100.1 of go-live-prod (unknown)') as unknown,
    });
    await decide(handle, 'earlier-commands', 'go-on');
    expect(await handle.result()).toMatchObject({ outcome: 'rolled-back' });
    expect(room.world.settled).toEqual(['earlier: looked at it by Bea']);
  });

  test('that still run are waited for, never passed over', async () => {
    const { room, handle } = await takingBack(
      ({ world }) => (world.earlier = [{ workflowId: 'go-live-prod', step: 'deploy-rolling-100.1', state: 'running' }]),
    );
    expect((await openHold(handle, 'earlier-commands'))?.choices).toEqual(['look-again', 'take-over']);
    room.world.earlier = [];
    await decide(handle, 'earlier-commands', 'look-again');
    expect(await handle.result()).toMatchObject({ outcome: 'rolled-back' });
  });
});

describe('a restore', () => {
  async function withBackup(
    manifest?: string,
    { propose = 'always', ...more }: { propose?: Restore['propose']; data?: boolean } = {},
  ) {
    const room = await lab.room(withRestore({ propose }));
    room.world.live = 'RC.3';
    return {
      room,
      handle: await room.start({
        input: { rollback: { ...rollback, ...more, ...(manifest === undefined ? {} : { manifest }) } },
        ...(manifest === undefined || more.data === false ? {} : { until: '1m' }),
      }),
    };
  }

  test('is not proposed without a manifest', async () => {
    const { handle } = await withBackup();
    expect(await handle.result()).toMatchObject({
      outcome: 'rolled-back',
      restore: {
        state: 'not proposed',
        detail: 'no backup is known: start a rollback with its manifest to be asked (--manifest PATH)',
      },
    });
  });

  test.each<[string, object, boolean]>([
    ['without a word about the data is not proposed', { data: false }, false],
    ['of data that can be wrong is proposed', { data: true }, true],
  ])('from a backup that was found, %s', async (_, more, asked) => {
    const { handle } = await withBackup('/artifacts/monday/manifest.json', {
      ...more,
      propose: 'when-data-can-be-wrong',
    });
    if (asked) expect((await openHold(handle, 'restore'))?.reason).toContain('Bo says that the data can be wrong');
    else expect(await handle.result()).toMatchObject({ restore: { state: 'not proposed' } });
  });

  test('is proposed with one, and its age is what the manifest says', async () => {
    const { room, handle } = await withBackup('/artifacts/monday/manifest.json');
    expect((await openHold(handle, 'restore'))?.reason).toMatch(
      /\/artifacts\/monday\/manifest\.json\) was made 47m ago/,
    );
    await handle.executeUpdate('approveRestore', { args: [{ by: 'Lea', reason: 'corrupt' }] });
    expect(await handle.result()).toMatchObject({
      outcome: 'rolled-back',
      restore: { state: 'restored', manifest: '/artifacts/monday/manifest.json' },
    });
    expect(room.world.executed).toEqual([
      'rollback.1',
      'rollback-smoke.1',
      'restore-drill.1',
      'restore.1',
      'rollback-smoke.2',
    ]);
  });
});

test.each([['an abort that is there before anything began', 'aborted']])('%s does nothing', async (_, outcome) => {
  const room = await lab.room();
  room.world.live = 'RC.3';
  const handle = await lab.client.workflow.signalWithStart('controlledGoLive', {
    workflowId: `go-live-${room.environment}`,
    taskQueue: room.world.taskQueue,
    args: [room.input({ rollback })],
    signal: 'abort',
    signalArgs: [{ reason: 'never mind', by: 'Ana' }],
  });
  expect(await handle.result()).toMatchObject({
    outcome,
    summary: 'nothing was taken back; never mind (aborted by Ana)',
  });
  expect(room.world.executed).toEqual([]);
});

test('a rehearsal of a rollback is refused', async () => {
  const room = await lab.room();
  const handle = await room.start({ input: { dryRun: true, rollback } });
  await expect(handle.result()).rejects.toMatchObject({
    cause: { message: expect.stringContaining('rollback: has no rehearsal: leave dryRun out') as unknown },
  });
});
