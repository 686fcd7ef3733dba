import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readWhole } from '../../src/durable-file.js';
import { commandPath } from '../../src/ledger/command-key.js';
import { environmentDirectory } from '../../src/ledger/environment-lock.js';
import { Ledger } from '../../src/ledger/ledger.js';
import { NumberedLock } from '../../src/ledger/numbered-lock.js';
import { exists, LedgerFixture, until } from './ledger-fixture.js';

describe('running a command', () => {
  let fixture: LedgerFixture;
  let ledger: Ledger;
  beforeEach(async () => void ({ ledger } = fixture = await LedgerFixture.create()));
  afterEach(() => fixture.remove());

  test('gives its exit code, its output and its times; asked again, the same without running again', async () => {
    const key = await fixture.key();
    const spec = fixture.spec('echo out; echo err >&2; exit 3');
    const outcome = await ledger.run(key, spec);
    expect(outcome).toMatchObject({
      kind: 'exited',
      exitCode: 3,
      stdout: { bytes: 4, truncated: false },
      stderr: { bytes: 4 },
      leftBehind: [],
    });
    if (outcome.kind === 'exited') expect(await readFile(outcome.stdout.path, 'utf8')).toBe('out\n');
    // As after a report that was lost, by another worker.
    expect(await (await Ledger.open(fixture.root)).run(key, spec)).toEqual(outcome);
    expect(await fixture.executions(key)).toBe(1);
    expect(await ledger.read(key)).toMatchObject({
      observation: { state: 'finished' },
      stdoutTail: 'out\n',
      stderrTail: 'err\n',
      authorised: { meta: { runId: 'run-1' } },
    });
  });

  test('several attempts at once are one run', async () => {
    const key = await fixture.key();
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => ledger.run(key, fixture.spec('sleep 0.2'))));
    expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size).toBe(1);
    expect(outcomes[0]).toMatchObject({ kind: 'exited', exitCode: 0 });
    expect(await fixture.executions(key)).toBe(1);
  });

  test('an environment held for the command itself, by another attempt, is not busy', async () => {
    const key = await fixture.key();
    const environment = environmentDirectory(fixture.root, 'prod');
    await mkdir(environment, { recursive: true });
    const held = await new NumberedLock(environment).tryTake('supervisor', commandPath(key));
    const running = ledger.run(key, fixture.spec('true'));
    await pause(200);
    await held?.release();
    expect(await running).toMatchObject({ kind: 'exited', exitCode: 0 });
    expect(await fixture.executions(key)).toBe(1);
  });

  test('the command gets the given environment, its mark, and nothing of ours; no shell reads its arguments', async () => {
    const key = await fixture.key();
    process.env.GOLIVE_TEST_SECRET = 'inherited';
    const outcome = await ledger.run(key, fixture.spec('', { argv: ['/usr/bin/env'], env: { ONLY: '$(id)' } }));
    delete process.env.GOLIVE_TEST_SECRET;
    expect(outcome).toMatchObject({ kind: 'exited', exitCode: 0 });
    expect((await ledger.read(key)).stdoutTail.trim().split('\n').sort()).toEqual([
      `GOLIVE_COMMAND=${fixture.mark(key)}`,
      'ONLY=$(id)',
    ]);
  });

  test('no secret reaches the disk: not from arguments, environment or output, wherever the output is cut', async () => {
    const key = await fixture.key();
    const secret = 'k8-S3cret/value';
    const script = 'printf k8-S3; sleep 0.05; printf "cret/value\\n"; printenv TOKEN >&2; : k8-S3cret/value';
    const spec = fixture.spec(script, { secrets: [secret] });
    await ledger.run(key, { ...spec, env: { ...spec.env, TOKEN: secret } });
    const { directory, stdoutTail, stderrTail } = await ledger.read(key);
    expect([stdoutTail, stderrTail]).toEqual(['[redacted]\n', '[redacted]\n']);
    // The supervisor may just clear away what it wrote beside the result.
    for (const name of await readdir(directory))
      expect((await readWhole(join(directory, name))) ?? '').not.toContain(secret);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
  });

  test.each([
    ['a missing executable', { argv: ['./no-such-deploy.sh'] }, 'no such executable'],
    ['a missing working directory', { workingDirectory: '/no/such/checkout' }, 'does not exist'],
    ['a file that is not executable', { argv: ['/etc/passwd'] }, 'not executable'],
  ])('%s: nothing ran, and that stays so', async (_, changes, reason) => {
    const key = await fixture.key();
    const spec = fixture.spec('true', changes);
    const outcome = await ledger.run(key, spec);
    expect(outcome).toEqual({ kind: 'not-started', reason: expect.stringContaining(reason) });
    expect(await ledger.run(key, spec)).toEqual(outcome);
  });

  test('the deadline ends the whole tree, also one that ignores TERM', async () => {
    const key = await fixture.key();
    const script = 'trap "" TERM; (trap "" TERM; sleep 60) & setsid sleep 60 & sleep 60; sleep 60';
    expect(await ledger.run(key, fixture.spec(script, { deadlineMs: 300 }))).toMatchObject({
      kind: 'deadline',
      deadlineMs: 300,
    });
    expect(await fixture.alive(key)).toEqual([]);
  });

  test('death by a signal from elsewhere is told as such', async () => {
    const key = await fixture.key();
    expect(await ledger.run(key, fixture.spec('kill -SEGV $$'))).toMatchObject({
      kind: 'signalled',
      signal: 'SIGSEGV',
    });
  });

  test('a daemon left behind is left alone, mentioned, and holds up nothing', async () => {
    const key = await fixture.key();
    const proof = join(fixture.home, 'daemon-wrote');
    const script = `(sleep 0.8; echo still here; echo yes > ${proof}; sleep 60) & echo started`;
    const outcome = await ledger.run(key, fixture.spec(script));
    expect(outcome).toMatchObject({ kind: 'exited', exitCode: 0 });
    const [daemon = 0] = outcome.kind === 'exited' ? outcome.leftBehind : [];
    expect(exists(daemon)).toBe(true);
    expect(await ledger.run(await fixture.key(), fixture.spec('true'))).toMatchObject({ kind: 'exited' });
    // It writes to the pipe it has inherited and survives that.
    await until(() =>
      stat(proof).then(
        () => true,
        () => false,
      ),
    );
    expect(exists(daemon)).toBe(true);
    expect((await ledger.read(key)).stdoutTail).toBe('started\n');
  });

  test('100 MB of binary output neither block the command nor fill the disk', async () => {
    const key = await fixture.key();
    const outcome = await ledger.run(
      key,
      fixture.spec('echo begin; head -c 100000000 /dev/urandom; echo end', {
        outputLimitBytes: 65_536,
        secrets: ['password'],
      }),
    );
    expect(outcome).toMatchObject({ kind: 'exited', exitCode: 0, stdout: { bytes: 100_000_010, truncated: true } });
    if (outcome.kind !== 'exited') return;
    expect((await stat(outcome.stdout.path)).size).toBeLessThan(66_000);
    const kept = await readFile(outcome.stdout.path, 'latin1');
    expect([kept.slice(0, 6), kept.slice(-4)]).toEqual(['begin\n', 'end\n']);
  });

  test('one environment, one command; another environment goes its own way', async () => {
    const [first, second, elsewhere] = [await fixture.key(), await fixture.key(), await fixture.key()];
    const gate = join(fixture.home, 'gate');
    const running = ledger.run(first, fixture.spec(`until [ -e ${gate} ]; do sleep 0.02; done`));
    await fixture.running(first);
    expect(await ledger.run(second, fixture.spec('true'))).toEqual({
      kind: 'busy',
      heldBy: expect.stringContaining(`deploy-canary.${first.generation}`),
    });
    expect(await ledger.run(elsewhere, fixture.spec('true', { environment: 'stag/ing' }))).toMatchObject({
      kind: 'exited',
    });
    await writeFile(gate, '');
    expect(await running).toMatchObject({ kind: 'exited' });
    // Busy was not recorded: the same generation can go now.
    expect(await ledger.run(second, fixture.spec('true'))).toMatchObject({ kind: 'exited' });
    expect(await fixture.executions(second)).toBe(1);
  });

  test('two that start at once in one environment: both run, one after the other', async () => {
    const keys = await Promise.all([fixture.key(), fixture.key(), fixture.key()]);
    const lockFile = join(fixture.home, 'exclusive');
    // mkdir fails if the other one is inside.
    const spec = fixture.spec(`mkdir ${lockFile} || exit 9; sleep 0.1; rmdir ${lockFile}`);
    const untilRun = async (key: (typeof keys)[number]) => {
      for (;;) {
        const outcome = await ledger.run(key, spec);
        if (outcome.kind !== 'busy') return outcome;
      }
    };
    for (const outcome of await Promise.all(keys.map(untilRun)))
      expect(outcome).toMatchObject({ kind: 'exited', exitCode: 0 });
  });

  test('a spec that cannot work is refused without showing its values', async () => {
    const key = await fixture.key();
    const refusal = ledger.run(
      key,
      fixture.spec('true', { env: { 'A=B': 's3cret\0' }, deadlineMs: 2 ** 31, workingDirectory: 'checkout' }),
    );
    await expect(refusal).rejects.toThrow(/working directory|absolute/i);
    await expect(refusal).rejects.not.toThrow(/s3cret/);
  });

  test('without its directory the outcome is unknown and nothing runs', async () => {
    const key = await fixture.key();
    await rm(fixture.directory(key).path, { recursive: true });
    expect(await ledger.run(key, fixture.spec('true'))).toMatchObject({
      kind: 'unknown',
      why: expect.stringContaining('no directory'),
    });
    await mkdir(fixture.directory(key).path, { recursive: true });
    expect(await ledger.run(key, fixture.spec('true'))).toMatchObject({ kind: 'unknown' });
    expect(await fixture.executions(key)).toBe(0);
  });

  test('giving up waiting leaves the command alone', async () => {
    const key = await fixture.key();
    const gate = join(fixture.home, 'may-end');
    const spec = fixture.spec(`until [ -e ${gate} ]; do sleep 0.02; done`);
    const waiting = new AbortController();
    const given = expect(ledger.run(key, spec, { signal: waiting.signal })).rejects.toThrow('enough');
    await fixture.running(key);
    waiting.abort(new Error('enough'));
    await given;
    await writeFile(gate, '');
    expect(await ledger.run(key, spec)).toMatchObject({ kind: 'exited', exitCode: 0 });
    expect(await fixture.executions(key)).toBe(1);
  });

  test.each(['..', 'a/b', '', '.hidden', 'x'.repeat(129), 'a\0b'])('%j names no directory', async (step) => {
    await expect(
      ledger.authorise([{ workflowId: 'w', firstExecutionRunId: 'r', step, generation: 1 }]),
    ).rejects.toThrow('step');
  });

  test('ledgers opened at once agree on who they are', async () => {
    const root = join(fixture.home, 'another');
    const ids = await Promise.all(Array.from({ length: 10 }, async () => (await Ledger.open(root)).hostId));
    expect(new Set(ids).size).toBe(1);
    expect(ids[0]).not.toBe(ledger.hostId);
  });
});
