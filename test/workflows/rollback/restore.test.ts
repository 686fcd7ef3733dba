import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { approve, askedAboutRestore, refused, restores, rollingBack, smokes } from '../../support/restore-story.js';
import { exit } from '../../support/scripted-world.js';
import { quickly, thorough } from '../../support/thorough.js';
import { withRestore } from '../../support/with-restore.js';
import { decide, openHold, statusWhen, WorkflowLab, type Room } from '../../support/workflow-lab.js';

let lab: WorkflowLab;
beforeAll(async () => {
  lab = await WorkflowLab.open();
});
afterAll(() => lab.close());

describe('a restore is proposed', () => {
  test('with what would be lost, beside a rollback that goes on without it', async () => {
    const { room, handle } = await askedAboutRestore(lab);
    const { holds, proof, restore } = await statusWhen(handle, ({ proof }) =>
      proof.some(({ name }) => name === 'integrity'),
    );
    const hold = holds.find(({ id }) => id === 'restore');
    expect(hold?.reason).toMatch(
      /\)\? Only an incident lead may answer: Lea, Ivo\. Silence for 4h is a no: .* without a restore\. Why you are asked: .*\. The backup pre_go_live \(\/artifacts\/pre_go_live\/manifest\.json\) was made .* ago: everything written since then would be lost\./,
    );
    expect(hold).toMatchObject({
      choices: ['decline'],
      by: ['Lea', 'Ivo'],
      answers: [`golive restore ${room.environment} --approve`, `golive restore ${room.environment} --decline`],
    });
    expect(proof.every(({ state }) => state === 'pass')).toBe(true);
    expect(restore).toMatchObject({ state: 'proposed', name: 'pre_go_live', sha256: 'b'.repeat(64) });
    expect(room.world.messages.join('\n')).toMatch(/rollback to RC\.2 complete/);
    expect(room.world.messages.join('\n')).toMatch(
      /a data restore can be approved\. The backup pre_go_live .* would be lost\. Only an incident lead may answer: Lea, Ivo\. Silence for 4h is a no: the data stay as they are/,
    );
    await decide(handle, 'restore', 'decline', 'Ivo');
    const result = await handle.result();
    expect(result).toMatchObject({
      outcome: 'rolled-back',
      restore: { state: 'declined', by: 'Ivo', reason: 'looked at it' },
    });
    expect(restores(room)).toEqual([]);
    expect(room.world.messages.at(-1)).toBe('ARIS3: data not restored. Ivo declined: looked at it');
  });

  thorough('and silence is a no, by itself', async () => {
    const room = await lab.room(withRestore());
    room.world.ends['deploy-canary'] = exit(1);
    const result = await (await room.start()).result();
    expect(result).toMatchObject({
      outcome: 'rolled-back',
      restore: { state: 'declined', detail: 'nobody answered within 4h' },
    });
    expect(restores(room)).toEqual([]);
  });

  test("not when the backup can't be read, and the run ends", async () => {
    const room = await lab.room(withRestore());
    room.world.ends['deploy-canary'] = exit(1);
    room.world.backup = () => ({ unreadable: 'it is outside the artifacts folder' });
    const result = await (await room.start()).result();
    expect(result).toMatchObject({
      outcome: 'rolled-back',
      restore: {
        state: 'not proposed',
        detail: "the backup /artifacts/pre_go_live/manifest.json can't be read: it is outside the artifacts folder",
      },
    });
  });

  test('never in front of the rollback: not before its command has succeeded', async () => {
    const { room, handle } = await rollingBack(lab, ({ world }) => (world.ends['rollback'] = exit(1)));
    await openHold(handle, 'rollback-failed');
    await expect(approve(handle)).rejects.toMatchObject(
      refused('No restore is proposed: that comes as soon as a rollback command has succeeded'),
    );
    room.world.ends['rollback'] = exit(0);
    await decide(handle, 'rollback-failed', 'retry');
    await openHold(handle, 'restore');
    await decide(handle, 'restore', 'decline', 'Lea');
    expect(await handle.result()).toMatchObject({ outcome: 'rolled-back' });
  });
});

describe('a restore that', () => {
  test.each<[string, (room: Room) => void, string, string[]]>(
    quickly(1, [
      [
        'has a drill that says FAIL with exit 0',
        ({ world }) =>
          (world.findings['restore drill report'] = {
            state: 'fail',
            detail: '/artifacts/restore_verify.json: status FAIL',
          }),
        'the restore drill, /artifacts/restore_verify.json: status FAIL',
        ['restore-drill.1'],
      ],
      [
        "has a drill that can't be run",
        ({ world }) => (world.ends['restore-drill'] = { kind: 'not-started', why: 'no python' }),
        'did not come to its end, not started: no python',
        ['restore-drill.1'],
      ],
      [
        'fails itself',
        ({ world }) => {
          world.ends['restore'] = exit(3);
          world.prints['restore'] = { stderr: 'disk full\n' };
        },
        'the restore command failed, exit 3: disk full; the data may be restored in part',
        ['restore-drill.1', 'restore.1'],
      ],
    ]),
  )('%s is a question, and can go on without', async (_, prepare, why, executed) => {
    const { room, handle } = await askedAboutRestore(lab, prepare);
    await approve(handle);
    expect((await openHold(handle, 'restore-failed'))?.reason).toContain(why);
    expect(restores(room)).toEqual(executed);
    await decide(handle, 'restore-failed', 'go-on');
    const result = await handle.result();
    expect(result).toMatchObject({ outcome: 'rolled-back', restore: { state: 'failed', by: 'Lea' } });
    expect(result.summary).toContain(why);
    expect(room.world.messages.join('\n')).toContain(
      executed.includes('restore.1')
        ? 'the data restore did not succeed; find out how the data are.'
        : 'data not restored',
    );
    // What was restored in part is proven again as well.
    expect(smokes(room)).toHaveLength(2);
  });

  thorough('failed can be proposed again, and is approved anew', async () => {
    const { room, handle } = await askedAboutRestore(lab, ({ world }) => (world.ends['restore.1'] = exit(3)));
    await approve(handle);
    await openHold(handle, 'restore-failed');
    await decide(handle, 'restore-failed', 'propose-again');
    await openHold(handle, 'restore');
    await approve(handle, { by: 'Ivo', reason: 'there is room now' });
    expect(await handle.result()).toMatchObject({ outcome: 'rolled-back', restore: { state: 'restored', by: 'Ivo' } });
    expect(restores(room)).toEqual(['restore-drill.1', 'restore.1', 'restore-drill.2', 'restore.2']);
  });

  test('failed stays on record when the leads decline another one', async () => {
    const { handle } = await askedAboutRestore(lab, ({ world }) => (world.ends['restore.1'] = exit(7)));
    await approve(handle);
    await openHold(handle, 'restore-failed');
    await decide(handle, 'restore-failed', 'propose-again');
    await openHold(handle, 'restore');
    await decide(handle, 'restore', 'decline', 'Ivo');
    const result = await handle.result();
    expect(result).toMatchObject({
      outcome: 'rolled-back',
      restore: {
        state: 'declined',
        by: 'Ivo',
        ran: expect.stringContaining('the restore command failed, exit 7') as unknown,
      },
    });
    expect(result.summary).toContain(
      "the restore command was run before, and production's data may be restored in part: the restore command failed, exit 7",
    );
  });

  test('nobody knows the end of is no declined one when somebody takes over', async () => {
    const { handle } = await askedAboutRestore(
      lab,
      ({ world }) => (world.ends['restore.1'] = { kind: 'unknown', why: 'its supervisor died', alive: [] }),
    );
    await approve(handle);
    await openHold(handle, 'unknown-restore-1');
    await decide(handle, 'unknown-restore-1', 'take-over');
    expect(await handle.result()).toMatchObject({
      outcome: 'rollback-failed',
      restore: { state: 'failed', detail: 'Bea took the rollback over', ran: 'nobody knows how it ended' },
    });
  });

  thorough('is approved in the moment in which somebody takes over is not run', async () => {
    const { room, handle } = await askedAboutRestore(
      lab.stoppable,
      ({ world }) => (world.ends['rollback-smoke'] = exit(1)),
    );
    await openHold(handle, 'rollback-failed');
    let both: Promise<unknown> = Promise.resolve();
    await room.withoutWorkflows(async () => {
      const taken = decide(handle, 'rollback-failed', 'take-over');
      await new Promise((next) => setTimeout(next, 200));
      both = Promise.allSettled([taken, approve(handle)]);
      await new Promise((next) => setTimeout(next, 200));
    });
    await both;
    expect(await handle.result()).toMatchObject({ outcome: 'rollback-failed' });
    expect(restores(room)).toEqual([]);
  });

  thorough('failed can be taken over', async () => {
    const { handle } = await askedAboutRestore(lab, ({ world }) => (world.ends['restore.1'] = exit(3)));
    await approve(handle);
    await openHold(handle, 'restore-failed');
    await decide(handle, 'restore-failed', 'take-over');
    const result = await handle.result();
    expect(result).toMatchObject({ outcome: 'rollback-failed', restore: { state: 'failed' } });
    expect(result.summary).toMatch(
      /^Bea took over: looked at it\. Known then: live version: RC\.2 ×30; the rollback command: exit 0; data restore failed by Lea: the restore command failed/,
    );
  });

  test('ends nobody knows how may be retried only by a lead', async () => {
    const { room, handle } = await askedAboutRestore(
      lab,
      ({ world }) => (world.ends['restore.1'] = { kind: 'unknown', why: 'its supervisor died', alive: [] }),
    );
    await approve(handle);
    await openHold(handle, 'unknown-restore-1');
    expect(restores(room)).toEqual(['restore-drill.1', 'restore.1']);
    await expect(decide(handle, 'unknown-restore-1', 'retry')).rejects.toMatchObject(
      refused('The hold "unknown-restore-1" is answered by Lea or Ivo, not by Bea.'),
    );
    await decide(handle, 'unknown-restore-1', 'retry', 'Ivo');
    expect(await handle.result()).toMatchObject({ restore: { state: 'restored' } });
    expect(restores(room)).toEqual(['restore-drill.1', 'restore.1', 'restore.2']);
    expect(room.world.settled).toContain('restore.1: retry by Ivo');
  });

  test('is of a manifest that has changed since is not run', async () => {
    const { room, handle } = await askedAboutRestore(lab);
    room.world.backup = (manifest) => ({
      manifest,
      name: 'pre_go_live',
      sha256: 'c'.repeat(64),
      madeAt: new Date().toISOString(),
    });
    await approve(handle);
    expect((await openHold(handle, 'restore-failed'))?.reason).toContain(
      'the manifest is not the one that was approved',
    );
    expect(restores(room)).toEqual([]);
    await decide(handle, 'restore-failed', 'go-on');
    expect(await handle.result()).toMatchObject({ restore: { state: 'failed' } });
  });
});

test('a question that is open when somebody takes the rollback over is taken back', async () => {
  const { room, handle } = await askedAboutRestore(lab, ({ world }) => (world.ends['rollback-smoke'] = exit(1)));
  room.world.smokes['rollback-smoke'] = {
    passed: 4,
    skipped: 0,
    failed: 1,
    failing: [{ test: 't', areas: ['auth'], said: 'x' }],
    uncovered: [],
  };
  await openHold(handle, 'rollback-failed');
  await decide(handle, 'rollback-failed', 'take-over');
  const result = await handle.result();
  expect(result).toMatchObject({
    outcome: 'rollback-failed',
    restore: { state: 'declined', detail: 'Bea took the rollback over' },
  });
  expect(restores(room)).toEqual([]);
});
