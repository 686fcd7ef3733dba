import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { approve, askedAboutRestore, LEA, refused, restores, smokes } from '../../support/restore-story.js';
import { exit } from '../../support/scripted-world.js';
import { quickly, thorough } from '../../support/thorough.js';
import { withRestore } from '../../support/with-restore.js';
import { decide, openHold, statusWhen, whatHappened, WorkflowLab } from '../../support/workflow-lab.js';

let lab: WorkflowLab;
beforeAll(async () => {
  lab = await WorkflowLab.open();
});
afterAll(() => lab.close());

describe('an approval', () => {
  test('runs the drill and the restore once, and everything is proven again', async () => {
    const { room, handle } = await askedAboutRestore(lab);
    expect(await approve(handle)).toMatch(
      /^the restore of pre_go_live is approved by Lea: the drill runs .*, then the restore, then everything is proven again$/,
    );
    const result = await handle.result();
    expect(result).toMatchObject({
      outcome: 'rolled-back',
      restore: {
        state: 'restored',
        by: 'Lea',
        reason: 'orders are corrupt',
        manifest: '/artifacts/pre_go_live/manifest.json',
      },
    });
    expect(restores(room)).toEqual(['restore-drill.1', 'restore.1']);
    expect(smokes(room)).toEqual(['rollback-smoke.1', 'rollback-smoke.2']);
    expect(room.world.messages.filter((text) => text.includes('complete'))).toHaveLength(1);
    expect(room.world.messages.at(-1)).toMatch(/^ARIS3: data restored\. From pre_go_live, exit 0/);
  });

  test("without a restore of the team's own says that production's data are as they were", async () => {
    const { room, handle } = await askedAboutRestore(lab, undefined, { restore: undefined });
    await approve(handle);
    const result = await handle.result();
    expect(result.restore).toMatchObject({ state: 'drilled', by: 'Lea' });
    expect(result.restore?.detail).toContain("production's data are as they were");
    expect(restores(room)).toEqual(['restore-drill.1']);
  });

  test.each<[string, object, string]>(
    quickly(2, [
      [
        'of somebody else',
        { by: 'Bea', reason: 'x' },
        'Bea is not an incident lead of this plan, and only they may approve a restore: Lea, Ivo.',
      ],
      ['without a reason', { by: 'Lea' }, 'An approval is {"by","reason"}'],
      ['that is a bare string', 'yes' as unknown as object, 'An approval is {"by","reason"}'],
      ['that has expired', { ...LEA, expires: '2020-01-01T00:00:00Z' }, 'This approval has expired'],
      [
        'that outlives the question',
        { ...LEA, expires: '2099-01-01T00:00:00Z' },
        'at the latest, when the question ends',
      ],
    ]),
  )('%s is refused, and the question stays open', async (_, approval, words) => {
    const { room, handle } = await askedAboutRestore(lab);
    await expect(approve(handle, approval)).rejects.toMatchObject(refused(words));
    await expect(decide(handle, 'restore', 'decline', 'Bea')).rejects.toMatchObject(
      refused('The hold "restore" is answered by Lea or Ivo, not by Bea.'),
    );
    await expect(decide(handle, 'restore', 'approve', 'Lea')).rejects.toMatchObject(
      refused('"approve" doesn\'t answer the hold "restore"'),
    );
    await approve(handle);
    expect(await handle.result()).toMatchObject({ restore: { state: 'restored' } });
    expect(restores(room)).toEqual(['restore-drill.1', 'restore.1']);
  });

  thorough('that comes twice counts once', async () => {
    const { room, handle } = await askedAboutRestore(lab, ({ world }) => (world.ends['restore-drill'] = 'hangs'));
    await approve(handle);
    await expect(approve(handle)).rejects.toMatchObject(
      refused('No restore waits for an approval: it is approved by Lea'),
    );
    await expect(approve(handle, { by: 'Ivo', reason: 'me too' })).rejects.toMatchObject(refused('approved by Lea'));
    await statusWhen(handle, ({ commands }) =>
      commands.some(({ step, state }) => step === 'restore-drill' && state === 'running'),
    );
    room.world.release('restore-drill.1');
    expect(await handle.result()).toMatchObject({ restore: { state: 'restored', by: 'Lea' } });
    expect(restores(room)).toEqual(['restore-drill.1', 'restore.1']);
  });

  thorough('two in the same breath count once', async () => {
    const { room, handle } = await askedAboutRestore(lab.stoppable);
    const said: PromiseSettledResult<string>[] = [];
    await room.withoutWorkflows(async () => {
      const both = [approve(handle), approve(handle, { by: 'Ivo', reason: 'me too' })].map((each) =>
        each.then(
          (value) => said.push({ status: 'fulfilled', value }),
          (reason: unknown) => said.push({ status: 'rejected', reason }),
        ),
      );
      void both;
      await new Promise((next) => setTimeout(next, 500));
    });
    expect(await handle.result()).toMatchObject({ restore: { state: 'restored' } });
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
    await decide(handle, 'restore', 'decline', 'Lea');
    await handle.result();
    await expect(approve(handle)).rejects.toThrow(/not found|completed/);
  });

  test('while the proof fails restores, and proves again', async () => {
    const broken = {
      passed: 4,
      skipped: 0,
      failed: 1,
      failing: [{ test: 't.stock', areas: ['stock-invariants' as const], said: 'negative' }],
      uncovered: ['stock-invariants' as const],
    };
    const { room, handle } = await askedAboutRestore(lab, ({ world }) => {
      world.ends['rollback-smoke.1'] = exit(1);
      world.smokes['rollback-smoke.1'] = broken;
    });
    await openHold(handle, 'rollback-failed');
    await approve(handle);
    const result = await handle.result();
    expect(result).toMatchObject({ outcome: 'rolled-back', restore: { state: 'restored' } });
    expect(room.world.executed.slice(-4)).toEqual([
      'rollback-smoke.1',
      'restore-drill.1',
      'restore.1',
      'rollback-smoke.2',
    ]);
    expect(whatHappened(result)).toContain('hold rollback-failed closed: no answer needed any more');
  });

  thorough('while the proof still runs waits for its end', async () => {
    const room = await lab.room(withRestore());
    room.world.ends['deploy-canary'] = exit(1);
    // Time stands still while a command hangs.
    room.world.ends['rollback-smoke.1'] = 'hangs';
    const handle = await room.start();
    await statusWhen(handle, ({ commands }) =>
      commands.some(({ step, state }) => step === 'rollback-smoke' && state === 'running'),
    );
    await approve(handle);
    expect(restores(room)).toEqual([]);
    room.world.release('rollback-smoke.1');
    expect(await handle.result()).toMatchObject({ restore: { state: 'restored' } });
    expect(room.world.executed.slice(-4)).toEqual([
      'rollback-smoke.1',
      'restore-drill.1',
      'restore.1',
      'rollback-smoke.2',
    ]);
  });
});

describe('where an approval has to be signed', () => {
  const signed = { signers: '/etc/golive/leads' };

  test('one without a signature is refused with the command that signs', async () => {
    const { room, handle } = await askedAboutRestore(lab, undefined, signed);
    await expect(approve(handle)).rejects.toMatchObject(
      refused(`golive restore ${room.environment} --approve --by Lea --key ~/.ssh/id_ed25519`),
    );
    await decide(handle, 'restore', 'decline', 'Lea');
    await handle.result();
  });

  test('one whose signature is wrong is refused, and a good one counts', async () => {
    const texts: string[] = [];
    const { handle } = await askedAboutRestore(
      lab,
      ({ world }) => {
        world.wrongSignature = ({ text, signature }) => {
          texts.push(text);
          return signature === 'good' ? undefined : "it is not Lea's signature";
        };
      },
      signed,
    );
    await expect(approve(handle, { ...LEA, signature: 'bad' })).rejects.toMatchObject(
      refused("The approval doesn't count: it is not Lea's signature. The question stays open."),
    );
    await openHold(handle, 'restore');
    await approve(handle, { ...LEA, signature: 'good' });
    expect(await handle.result()).toMatchObject({ restore: { state: 'restored', by: 'Lea', signed: true } });
    expect(texts[0]).toMatch(
      new RegExp(
        `^golive restore approval\nworkflow: ${handle.workflowId}\nrun: [0-9a-f-]{36}\nbackup: pre_go_live\nmanifest: sha256:b{64}\napproved by: Lea\nexpires: \\d{4}-.*Z\n$`,
      ),
    );
  });

  test('it is looked at also when the go-live was stopped by cancelling the workflow', async () => {
    const { handle } = await askedAboutRestore(lab, undefined, signed);
    await handle.cancel();
    await expect(approve(handle, { ...LEA, signature: 'good' })).resolves.toContain('is approved by Lea');
    expect(await handle.result()).toMatchObject({ restore: { state: 'restored', by: 'Lea', signed: true } });
  });

  test('one that is looked at while somebody declines changes nothing', async () => {
    let begun: (end: () => void) => void;
    const underWay = new Promise<() => void>((resolve) => (begun = resolve));
    const { room, handle } = await askedAboutRestore(
      lab,
      ({ world }) => (world.wrongSignature = () => new Promise((isFine) => begun(() => isFine(undefined)))),
      signed,
    );
    const late = approve(handle, { ...LEA, signature: 'good' });
    const said = expect(late).rejects.toMatchObject(refused('it is declined by Ivo'));
    const end = await underWay;
    await decide(handle, 'restore', 'decline', 'Ivo');
    await statusWhen(handle, ({ restore }) => restore?.state === 'declined');
    end();
    await said;
    expect(await handle.result()).toMatchObject({ restore: { state: 'declined', by: 'Ivo' } });
    expect(restores(room)).toEqual([]);
  });
});
