import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { EndToEnd } from '../support/end-to-end.js';
import { hasSshKeygen, HOW_TO_SSH, makeKey, writeSigners } from '../support/ssh-keys.js';
import { stageOf } from '../support/quick-playbook.js';
import { expectLive, SMOKE_CALL } from '../support/what-a-run-did.js';

let site: EndToEnd;
beforeAll(async () => void (site = await EndToEnd.start()));
afterEach(() => site.endLeftRun());
afterAll(() => site?.stop());

const DRILL_CALL = 'python scripts/ops/backup_restore_verify.py';
const drill = { run: `${DRILL_CALL} {manifest}`, deadline: '1m' };

test('an abort between two stages, and a restore that a lead approves at the terminal', async () => {
  const restored = join(site.directory, 'restored.json');
  await site.playbook((playbook) => {
    stageOf(playbook, 'rolling-25').soak = { min: '5m', max: '10m', settle: '1m' };
    playbook.rollback.restore = {
      leads: ['Lea'],
      askFor: '5m',
      drill,
      restore: { run: ['cp', '{manifest}', restored] },
    };
  });
  const run = await site.goLive();
  await run.untilPhase('soaking', 'rolling-25');
  await site.operator('abort', 'sandbox', '--reason', 'orders are corrupt', '--by', 'Ana', '--data-suspect');
  await run.untilHold('restore');
  expect(await site.operator('restore', 'sandbox', '--approve', '--by', 'Ana', '--reason', 'I own this')).toMatchObject(
    { exitCode: 4, stderr: expect.stringContaining('Refused: Ana is not an incident lead of this plan') as unknown },
  );
  expect((await site.operator('status', 'sandbox')).stdout).toMatch(
    /golive restore sandbox --approve\n *golive restore sandbox --decline/,
  );
  expect(
    await site.operator('restore', 'sandbox', '--approve', '--by', 'Lea', '--reason', 'orders are corrupt'),
  ).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^Approved: the restore of pre_go_live_\d{8}_\d{4} is approved by Lea/) as unknown,
  });
  const result = await run.result();
  expect(`${result.outcome}: ${result.summary}`).toMatch(
    /^rolled-back: RC\.2 is live again, proven; .*; data restore restored by Lea: From pre_go_live_/,
  );
  expect(result.restore).toMatchObject({
    state: 'restored',
    by: 'Lea',
    detail: expect.stringMatching(/restore_verify_\d{8}T\d{6}Z\.json: status PASS/) as unknown,
  });
  await access(restored);
  expect(run.executed().filter((call) => call === DRILL_CALL || call === SMOKE_CALL)).toEqual([
    SMOKE_CALL,
    DRILL_CALL,
    SMOKE_CALL,
  ]);
  expect(await run.messages()).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^ARIS3: a data restore can be approved\./),
      expect.stringMatching(/^ARIS3: data restored\./),
    ]),
  );
  await expectLive(site, 'RC.2');
});

(hasSshKeygen() ? test : test.skip)(
  `a restore whose approval has to be signed (${hasSshKeygen() ? 'ssh-keygen is there' : HOW_TO_SSH})`,
  async () => {
    const [lea, eve] = await Promise.all([makeKey(site.directory, 'lea'), makeKey(site.directory, 'eve')]);
    const signers = join(site.directory, 'signers');
    await writeSigners(signers, [['Lea', lea]]);
    await site.playbook((playbook) => {
      stageOf(playbook, 'canary').soak = { min: '5m', max: '10m', settle: '1m' };
      playbook.rollback.restore = { leads: ['Lea'], askFor: '5m', signers, drill };
    });
    const run = await site.goLive();
    await run.untilPhase('soaking', 'canary');
    await run.handle.signal('abort', { reason: 'orders are corrupt', by: 'Ana', data: true });
    await run.untilHold('restore');
    const approve = (...how: string[]) =>
      site.operator('restore', 'sandbox', '--approve', '--by', 'Lea', '--reason', 'orders are corrupt', ...how);
    expect(await approve()).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining('An approval has to be signed here') as unknown,
    });
    expect(await approve('--key', eve)).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining("it is not Lea's signature") as unknown,
    });
    expect((await site.operator('restore', 'sandbox', '--text', '--by', 'Lea')).stdout).toMatch(
      /^golive restore approval\nworkflow: go-live-sandbox\nrun: .+\nbackup: pre_go_live_.+\nmanifest: sha256:[0-9a-f]{64}\napproved by: Lea\nexpires: .+Z\n$/,
    );
    expect(await approve('--key', lea)).toMatchObject({ exitCode: 0 });
    expect(await run.result()).toMatchObject({
      outcome: 'rolled-back',
      restore: { state: 'drilled', by: 'Lea', signed: true },
    });
  },
);

test("a release is taken back after its go-live has ended, and a target that deploy.sh doesn't know is a question", async () => {
  await site.playbook();
  const run = await site.goLive();
  expect((await run.result()).outcome).toBe('completed');
  const { release, previousRelease } = run.input;
  const rollback = (previous: string, ...more: string[]) =>
    site.operator(
      'rollback',
      'sandbox',
      '--release',
      release,
      '--previous',
      previous,
      '--owner',
      'Ana',
      '--reason',
      'refunds fail',
      '--by',
      'Bo',
      ...more,
    );

  const unknown = (await site.witness())(site.client.workflow.getHandle('go-live-sandbox'), {
    release,
    previousRelease: 'RC.99',
  });
  expect(await rollback('RC.99')).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining(`Started the rollback of ${release} to RC.99 in sandbox`) as unknown,
  });
  const { holds } = await unknown.untilHold('rollback-failed');
  expect(holds[0]?.reason).toMatch(
    /^The rollback to RC\.99 is not proven: the rollback command failed, exit 1: deploy\.sh: unknown release 'RC\.99'; there are .*RC\.2/,
  );
  expect(unknown.deploys()).toEqual(['back to RC.99 -> 1', 'back to RC.99 -> 1']);
  expect(await rollback(previousRelease)).toMatchObject({
    exitCode: 4,
    stderr: expect.stringContaining('to take it back, abort it: golive abort sandbox') as unknown,
  });
  await unknown.decide('rollback-failed', 'take-over');
  expect((await unknown.result()).summary).toMatch(
    new RegExp(
      `^Ana took over: looked at it\\. Known then: live version: ${release} ×\\d+; the rollback command failed, exit 1: deploy\\.sh: unknown release 'RC\\.99'`,
    ),
  );
  await expectLive(site, release);

  const back = (await site.witness())(site.client.workflow.getHandle('go-live-sandbox'), { release, previousRelease });
  const { exitCode, stdout } = await rollback(previousRelease, '--wait');
  expect(exitCode).toBe(12);
  expect(stdout).toMatch(new RegExp(`ROLLED-BACK: ${previousRelease} is live again, proven; refunds fail`));
  expect(back.deploys()).toEqual([`back to ${previousRelease} -> 0`]);
  expect(back.executed()).toEqual([SMOKE_CALL]);
  await expectLive(site, previousRelease);
});
