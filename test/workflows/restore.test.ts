import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CommandEnd } from '../../src/domain/command.js';
import type { Restore } from '../../src/domain/playbook.js';
import { withRestore } from '../support/with-restore.js';
import { ending, openHold, statusWhen, whatHappened, WorkflowLab, type GoLiveHandle, type Room } from '../support/workflow-lab.js';

let lab: WorkflowLab;
beforeAll(async () => {
  lab = await WorkflowLab.open();
});
afterAll(() => lab.close());

const exit = (exitCode: number): CommandEnd => ({ kind: 'exited', exitCode });
const LEA = { by: 'Lea', reason: 'orders are corrupt' };
const approve = (handle: GoLiveHandle, approval: object = LEA) => handle.executeUpdate<string, [object]>('approveRestore', { args: [approval] });
const answer = (handle: GoLiveHandle, hold: string, choice: string, by = 'Bea') => handle.executeUpdate<string, [object]>('decide', { args: [{ hold, choice, by, reason: 'looked at it' }] });
const refused = (words: string) => ({ cause: { message: expect.stringContaining(words) as unknown } });
const restores = (room: Room) => room.world.executed.filter((name) => name.startsWith('restore'));
const smokes = (room: Room) => room.world.executed.filter((name) => name.startsWith('rollback-smoke'));

/** A go-live whose canary can't be deployed, so that it is rolled back at once; time passes at its real pace from its first minute on. */
async function rollingBack(prepare: (room: Room) => void = () => undefined, more: Partial<Restore> = {}): Promise<{ room: Room; handle: GoLiveHandle }> {
  const room = await lab.room(withRestore(more));
  room.world.ends['deploy-canary'] = exit(1);
  prepare(room);
  return { room, handle: await room.start({ until: '1m' }) };
}

async function asked(prepare?: (room: Room) => void, more?: Partial<Restore>) {
  const run = await rollingBack(prepare, more);
  await openHold(run.handle, 'restore');
  return run;
}

describe('a restore is proposed', () => {
  test('with what would be lost, beside a rollback that goes on without it', async () => {
    const { room, handle } = await asked();
    const { holds, proof, restore } = await statusWhen(handle, ({ proof }) => proof.some(({ name }) => name === 'integrity'));
    const hold = holds.find(({ id }) => id === 'restore');
    expect(hold?.reason).toMatch(/The backup pre_go_live \(\/artifacts\/pre_go_live\/manifest\.json\) was made .* ago: everything written since then would be lost\..*Only an incident lead may answer: Lea, Ivo\. Silence for 4h is a no\./);
    expect(hold).toMatchObject({ choices: ['decline'], by: ['Lea', 'Ivo'], answer: `golive restore ${room.environment} --approve|--decline --by LEAD --reason WHY` });
    expect(proof.every(({ state }) => state === 'pass')).toBe(true);
    expect(restore).toMatchObject({ state: 'proposed', name: 'pre_go_live', sha256: 'b'.repeat(64) });
    expect(room.world.messages.join('\n')).toMatch(/rollback to RC\.2 complete/);
    expect(room.world.messages.join('\n')).toMatch(/a data restore can be approved\. The backup pre_go_live/);
    await answer(handle, 'restore', 'decline', 'Ivo');
    const result = await ending(handle);
    expect(result).toMatchObject({ outcome: 'rolled-back', restore: { state: 'declined', by: 'Ivo', reason: 'looked at it' } });
    expect(restores(room)).toEqual([]);
    expect(room.world.messages.at(-1)).toBe('ARIS3: data not restored. Ivo declined: looked at it');
  });

  test('and silence is a no, by itself', async () => {
    const room = await lab.room(withRestore());
    room.world.ends['deploy-canary'] = exit(1);
    const result = await ending(await room.start());
    expect(result).toMatchObject({ outcome: 'rolled-back', restore: { state: 'declined', detail: 'nobody answered within 4h' } });
    expect(restores(room)).toEqual([]);
  });

  test('not when the backup can\'t be read, and the run ends', async () => {
    const room = await lab.room(withRestore());
    room.world.ends['deploy-canary'] = exit(1);
    room.world.backup = () => ({ unreadable: 'it is outside the artifacts folder' });
    const result = await ending(await room.start());
    expect(result).toMatchObject({ outcome: 'rolled-back', restore: { state: 'not proposed', detail: 'the backup /artifacts/pre_go_live/manifest.json can\'t be read: it is outside the artifacts folder' } });
  });

  test('never in front of the rollback: not before its command has succeeded', async () => {
    const { room, handle } = await rollingBack(({ world }) => (world.ends['rollback'] = exit(1)));
    await openHold(handle, 'rollback-failed');
    await expect(approve(handle)).rejects.toMatchObject(refused('No restore is proposed: that comes as soon as a rollback command has succeeded'));
    room.world.ends['rollback'] = exit(0);
    await answer(handle, 'rollback-failed', 'retry');
    await openHold(handle, 'restore');
    await answer(handle, 'restore', 'decline', 'Lea');
    expect(await ending(handle)).toMatchObject({ outcome: 'rolled-back' });
  });
});

describe('an approval', () => {
  test('runs the drill and the restore once, and everything is proven again', async () => {
    const { room, handle } = await asked();
    expect(await approve(handle)).toMatch(/^the restore of pre_go_live is approved by Lea: the drill runs .*, then the restore, then everything is proven again$/);
    const result = await ending(handle);
    expect(result).toMatchObject({ outcome: 'rolled-back', restore: { state: 'restored', by: 'Lea', reason: 'orders are corrupt', manifest: '/artifacts/pre_go_live/manifest.json' } });
    expect(restores(room)).toEqual(['restore-drill.1', 'restore.1']);
    expect(smokes(room)).toEqual(['rollback-smoke.1', 'rollback-smoke.2']);
    expect(room.world.messages.filter((text) => text.includes('complete'))).toHaveLength(1);
    expect(room.world.messages.at(-1)).toMatch(/^ARIS3: data restored\. From pre_go_live, exit 0/);
  });

  test('without a restore of the team\'s own says that production\'s data are as they were', async () => {
    const { room, handle } = await asked(undefined, { restore: undefined });
    await approve(handle);
    const result = await ending(handle);
    expect(result.restore).toMatchObject({ state: 'drilled', by: 'Lea' });
    expect(result.restore?.detail).toContain('production\'s data are as they were');
    expect(restores(room)).toEqual(['restore-drill.1']);
  });

  test.each<[string, object, string]>([
    ['of somebody else', { by: 'Bea', reason: 'x' }, 'Bea is no incident lead of this plan, and only they may approve a restore: Lea, Ivo.'],
    ['without a reason', { by: 'Lea' }, 'An approval is {"by","reason"}'],
    ['that is a bare string', 'yes' as unknown as object, 'An approval is {"by","reason"}'],
    ['that has expired', { ...LEA, expires: '2020-01-01T00:00:00Z' }, 'This approval has expired'],
    ['that outlives the question', { ...LEA, expires: '2099-01-01T00:00:00Z' }, 'at the latest, when the question ends'],
  ])('%s is refused, and the question stays open', async (_, approval, words) => {
    const { room, handle } = await asked();
    await expect(approve(handle, approval)).rejects.toMatchObject(refused(words));
    await expect(answer(handle, 'restore', 'decline', 'Bea')).rejects.toMatchObject(refused('The hold "restore" is answered by Lea or Ivo, not by Bea.'));
    await expect(answer(handle, 'restore', 'approve', 'Lea')).rejects.toMatchObject(refused('"approve" doesn\'t answer the hold "restore"'));
    await approve(handle);
    expect(await ending(handle)).toMatchObject({ restore: { state: 'restored' } });
    expect(restores(room)).toEqual(['restore-drill.1', 'restore.1']);
  });

  test('that comes twice counts once', async () => {
    const { room, handle } = await asked(({ world }) => (world.ends['restore-drill'] = 'hangs'));
    await approve(handle);
    await expect(approve(handle)).rejects.toMatchObject(refused('No restore waits for an approval: it is approved by Lea'));
    await expect(approve(handle, { by: 'Ivo', reason: 'me too' })).rejects.toMatchObject(refused('approved by Lea'));
    await statusWhen(handle, ({ commands }) => commands.some(({ step, state }) => step === 'restore-drill' && state === 'running'));
    room.world.release('restore-drill.1');
    expect(await ending(handle)).toMatchObject({ restore: { state: 'restored', by: 'Lea' } });
    expect(restores(room)).toEqual(['restore-drill.1', 'restore.1']);
  });

  test('two in the same breath count once', async () => {
    const { room, handle } = await asked();
    const said: PromiseSettledResult<string>[] = [];
    await room.withoutWorkflows(async () => {
      const both = [approve(handle), approve(handle, { by: 'Ivo', reason: 'me too' })].map((each) => each.then((value) => said.push({ status: 'fulfilled', value }), (reason: unknown) => said.push({ status: 'rejected', reason })));
      void both;
      await new Promise((next) => setTimeout(next, 500));
    });
    expect(await ending(handle)).toMatchObject({ restore: { state: 'restored' } });
    expect(restores(room)).toEqual(['restore-drill.1', 'restore.1']);
    while (said.length < 2) await new Promise((next) => setTimeout(next, 20));
    expect(said.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('before the rollback, and after the end, is refused', async () => {
    const room = await lab.room(withRestore());
    const handle = await room.start({ until: '1m' });
    await expect(approve(handle)).rejects.toMatchObject(refused('No restore is proposed'));
    await handle.signal('abort', 'x');
    await openHold(handle, 'restore');
    await answer(handle, 'restore', 'decline', 'Lea');
    await handle.result();
    await expect(approve(handle)).rejects.toThrow(/not found|completed/);
  });

  test('while the proof fails restores, and proves again', async () => {
    const broken = { passed: 4, skipped: 0, failed: 1, failing: [{ test: 't.stock', areas: ['stock-invariants' as const], said: 'negative' }], uncovered: ['stock-invariants' as const] };
    const { room, handle } = await asked(({ world }) => {
      world.ends['rollback-smoke.1'] = exit(1);
      world.smokes['rollback-smoke.1'] = broken;
    });
    await openHold(handle, 'rollback-failed');
    await approve(handle);
    const result = await ending(handle);
    expect(result).toMatchObject({ outcome: 'rolled-back', restore: { state: 'restored' } });
    expect(room.world.executed.slice(-4)).toEqual(['rollback-smoke.1', 'restore-drill.1', 'restore.1', 'rollback-smoke.2']);
    expect(whatHappened(result)).toContain('hold rollback-failed ended without an answer');
  });

  test('while the proof still runs waits for its end', async () => {
    const room = await lab.room(withRestore());
    room.world.ends['deploy-canary'] = exit(1);
    // Time stands still while a command hangs.
    room.world.ends['rollback-smoke.1'] = 'hangs';
    const handle = await room.start();
    await statusWhen(handle, ({ commands }) => commands.some(({ step, state }) => step === 'rollback-smoke' && state === 'running'));
    await approve(handle);
    expect(restores(room)).toEqual([]);
    room.world.release('rollback-smoke.1');
    expect(await ending(handle)).toMatchObject({ restore: { state: 'restored' } });
    expect(room.world.executed.slice(-4)).toEqual(['rollback-smoke.1', 'restore-drill.1', 'restore.1', 'rollback-smoke.2']);
  });
});

describe('where an approval has to be signed', () => {
  const signed = { signers: '/etc/golive/leads' };

  test('one without a signature is refused with the command that signs', async () => {
    const { room, handle } = await asked(undefined, signed);
    await expect(approve(handle)).rejects.toMatchObject(refused(`golive restore ${room.environment} --approve --by "Lea" --reason WHY --key ~/.ssh/id_ed25519`));
    await answer(handle, 'restore', 'decline', 'Lea');
    await handle.result();
  });

  test('one whose signature is wrong is refused, and a good one counts', async () => {
    const texts: string[] = [];
    const { handle } = await asked(({ world }) => {
      world.wrongSignature = ({ text, signature }) => {
        texts.push(text);
        return signature === 'good' ? undefined : 'it is not Lea\'s signature';
      };
    }, signed);
    await expect(approve(handle, { ...LEA, signature: 'bad' })).rejects.toMatchObject(refused('The approval doesn\'t count: it is not Lea\'s signature. The question stays open.'));
    await openHold(handle, 'restore');
    await approve(handle, { ...LEA, signature: 'good' });
    expect(await ending(handle)).toMatchObject({ restore: { state: 'restored', by: 'Lea', signed: true } });
    expect(texts[0]).toMatch(new RegExp(`^golive restore approval\nworkflow: ${handle.workflowId}\nrun: [0-9a-f-]{36}\nbackup: pre_go_live\nmanifest: sha256:b{64}\napproved by: Lea\nexpires: \\d{4}-.*Z\n$`));
  });

  test('one that is looked at while somebody declines changes nothing', async () => {
    let looked = () => undefined as void;
    const { room, handle } = await asked(({ world }) => (world.wrongSignature = () => new Promise((resolve) => (looked = () => resolve(undefined)))), signed);
    const late = approve(handle, { ...LEA, signature: 'good' });
    const said = expect(late).rejects.toMatchObject(refused('it is declined by Ivo'));
    await new Promise((next) => setTimeout(next, 300));
    await answer(handle, 'restore', 'decline', 'Ivo');
    await statusWhen(handle, ({ restore }) => restore?.state === 'declined');
    looked();
    await said;
    expect(await ending(handle)).toMatchObject({ restore: { state: 'declined', by: 'Ivo' } });
    expect(restores(room)).toEqual([]);
  });
});

describe('a restore that', () => {
  test.each<[string, (room: Room) => void, string, string[]]>([
    ['has a drill that says FAIL with exit 0', ({ world }) => (world.findings['restore drill report'] = { state: 'fail', detail: '/artifacts/restore_verify.json: status FAIL' }), 'the restore drill, /artifacts/restore_verify.json: status FAIL', ['restore-drill.1']],
    ['has a drill that can\'t be run', ({ world }) => (world.ends['restore-drill'] = { kind: 'not-started', why: 'no python' }), 'did not come to its end, not started: no python', ['restore-drill.1']],
    ['fails itself', ({ world }) => { world.ends['restore'] = exit(3); world.prints['restore'] = { stderr: 'disk full\n' }; }, 'the restore command failed, exit 3: disk full; the data may be restored in part', ['restore-drill.1', 'restore.1']],
  ])('%s is a question, and can go on without', async (_, prepare, why, executed) => {
    const { room, handle } = await asked(prepare);
    await approve(handle);
    expect((await openHold(handle, 'restore-failed'))?.reason).toContain(why);
    expect(restores(room)).toEqual(executed);
    await answer(handle, 'restore-failed', 'go-on');
    const result = await ending(handle);
    expect(result).toMatchObject({ outcome: 'rolled-back', restore: { state: 'failed', by: 'Lea' } });
    expect(result.summary).toContain(why);
    expect(room.world.messages.join('\n')).toContain(executed.includes('restore.1') ? 'the data restore did not succeed; find out how the data are.' : 'data not restored');
    // What was restored in part is proven again as well.
    expect(smokes(room)).toHaveLength(2);
  });

  test('failed can be proposed again, and is approved anew', async () => {
    const { room, handle } = await asked(({ world }) => (world.ends['restore.1'] = exit(3)));
    await approve(handle);
    await openHold(handle, 'restore-failed');
    await answer(handle, 'restore-failed', 'propose-again');
    await openHold(handle, 'restore');
    await approve(handle, { by: 'Ivo', reason: 'there is room now' });
    expect(await ending(handle)).toMatchObject({ outcome: 'rolled-back', restore: { state: 'restored', by: 'Ivo' } });
    expect(restores(room)).toEqual(['restore-drill.1', 'restore.1', 'restore-drill.2', 'restore.2']);
  });

  test('failed stays on record when the leads decline another one', async () => {
    const { handle } = await asked(({ world }) => (world.ends['restore.1'] = exit(7)));
    await approve(handle);
    await openHold(handle, 'restore-failed');
    await answer(handle, 'restore-failed', 'propose-again');
    await openHold(handle, 'restore');
    await answer(handle, 'restore', 'decline', 'Ivo');
    const result = await ending(handle);
    expect(result).toMatchObject({ outcome: 'rolled-back', restore: { state: 'declined', by: 'Ivo', ran: expect.stringContaining('the restore command failed, exit 7') as unknown } });
    expect(result.summary).toContain('the restore command was run before, and production\'s data may be restored in part: the restore command failed, exit 7');
  });

  test('nobody knows the end of is no declined one when somebody takes over', async () => {
    const { handle } = await asked(({ world }) => (world.ends['restore.1'] = { kind: 'unknown', why: 'its supervisor died', alive: [] }));
    await approve(handle);
    await openHold(handle, 'unknown-restore-1');
    await answer(handle, 'unknown-restore-1', 'take-over');
    expect(await ending(handle)).toMatchObject({ outcome: 'rollback-failed', restore: { state: 'failed', detail: 'Bea took the rollback over', ran: 'nobody knows how it ended' } });
  });

  test('is approved in the moment in which somebody takes over is not run', async () => {
    const { room, handle } = await asked(({ world }) => (world.ends['rollback-smoke'] = exit(1)));
    await openHold(handle, 'rollback-failed');
    let both: Promise<unknown> = Promise.resolve();
    await room.withoutWorkflows(async () => {
      const taken = answer(handle, 'rollback-failed', 'take-over');
      await new Promise((next) => setTimeout(next, 200));
      both = Promise.allSettled([taken, approve(handle)]);
      await new Promise((next) => setTimeout(next, 200));
    });
    await both;
    expect(await ending(handle)).toMatchObject({ outcome: 'rollback-failed' });
    expect(restores(room)).toEqual([]);
  });

  test('failed can be taken over', async () => {
    const { handle } = await asked(({ world }) => (world.ends['restore.1'] = exit(3)));
    await approve(handle);
    await openHold(handle, 'restore-failed');
    await answer(handle, 'restore-failed', 'take-over');
    const result = await ending(handle);
    expect(result).toMatchObject({ outcome: 'rollback-failed', restore: { state: 'failed' } });
    expect(result.summary).toMatch(/^Bea took over: looked at it\. Known then: live version: RC\.2 ×30; the rollback command: exit 0; data restore failed by Lea: the restore command failed/);
  });

  test('ends nobody knows how may be retried only by a lead', async () => {
    const { room, handle } = await asked(({ world }) => (world.ends['restore.1'] = { kind: 'unknown', why: 'its supervisor died', alive: [] }));
    await approve(handle);
    await openHold(handle, 'unknown-restore-1');
    expect(restores(room)).toEqual(['restore-drill.1', 'restore.1']);
    await expect(answer(handle, 'unknown-restore-1', 'retry')).rejects.toMatchObject(refused('The hold "unknown-restore-1" is answered by Lea or Ivo, not by Bea.'));
    await answer(handle, 'unknown-restore-1', 'retry', 'Ivo');
    expect(await ending(handle)).toMatchObject({ restore: { state: 'restored' } });
    expect(restores(room)).toEqual(['restore-drill.1', 'restore.1', 'restore.2']);
    expect(room.world.settled).toContain('restore.1: retry by Ivo');
  });

  test('is of a manifest that has changed since is not run', async () => {
    const { room, handle } = await asked();
    room.world.backup = (manifest) => ({ manifest, name: 'pre_go_live', sha256: 'c'.repeat(64), madeAt: new Date().toISOString() });
    await approve(handle);
    expect((await openHold(handle, 'restore-failed'))?.reason).toContain('the manifest is not the one that was approved');
    expect(restores(room)).toEqual([]);
    await answer(handle, 'restore-failed', 'go-on');
    expect(await ending(handle)).toMatchObject({ restore: { state: 'failed' } });
  });
});

test('a question that is open when somebody takes the rollback over is taken back', async () => {
  const { room, handle } = await asked(({ world }) => (world.ends['rollback-smoke'] = exit(1)));
  room.world.smokes['rollback-smoke'] = { passed: 4, skipped: 0, failed: 1, failing: [{ test: 't', areas: ['auth'], said: 'x' }], uncovered: [] };
  await openHold(handle, 'rollback-failed');
  await answer(handle, 'rollback-failed', 'take-over');
  const result = await ending(handle);
  expect(result).toMatchObject({ outcome: 'rollback-failed', restore: { state: 'declined', detail: 'Bea took the rollback over' } });
  expect(restores(room)).toEqual([]);
});
