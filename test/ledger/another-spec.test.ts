import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CommandSpec, Ledger } from '../../src/ledger/ledger.js';
import type { ProcessIdentity } from '../../src/ledger/process-identity.js';
import { LedgerFixture, until } from './ledger-fixture.js';

/** A worker that comes back with another variable or working directory asks with another spec for the same key. */
describe('the same key asked for with another spec', () => {
  let fixture: LedgerFixture;
  let ledger: Ledger;
  beforeEach(async () => void ({ ledger } = fixture = await LedgerFixture.create()));
  afterEach(() => fixture.remove());

  const changed = (): CommandSpec => fixture.spec('exit 9', { workingDirectory: '/', deadlineMs: 1_000 });
  const unusable = (): CommandSpec => fixture.spec('exit 9', { workingDirectory: 'checkout', argv: [''] });

  test.each([
    ['changed', changed],
    ['unusable', unusable],
  ])('while it runs, and after its end, the run that there was is told (%s)', async (_, another) => {
    const key = await fixture.key();
    const gate = join(fixture.home, 'gate');
    const first = ledger.run(key, fixture.spec(`until [ -e ${gate} ]; do sleep 0.02; done; exit 3`));
    await fixture.running(key);
    const second = (await Ledger.open(fixture.root)).run(key, another());
    await writeFile(gate, '');
    const outcome = await first;
    expect(outcome).toMatchObject({ kind: 'exited', exitCode: 3 });
    expect(await second).toEqual(outcome);
    expect(await ledger.run(key, another())).toEqual(outcome);
    expect(await fixture.executions(key)).toBe(1);
    expect((await ledger.read(key)).spec).toMatchObject({ workingDirectory: fixture.home, deadlineMs: 30_000 });
  });

  test('nobody knows how the run ended: unknown, as for the same spec', async () => {
    const key = await fixture.key();
    const waiting = ledger.run(key, fixture.spec('sleep 60'));
    process.kill(await fixture.running(key), 'SIGKILL');
    const { kind } = await waiting;
    expect(kind).toBe('unknown');
    for (const another of [changed(), unusable()])
      expect(await ledger.run(key, another)).toMatchObject({
        kind: 'unknown',
        why: expect.stringContaining('there is no result'),
      });
    expect(await fixture.executions(key)).toBe(1);
  });

  test('it was stopped, or could never be started: that stays so', async () => {
    const [stopped, failed] = [await fixture.key(), await fixture.key()];
    await ledger.stop(stopped, 0);
    expect(await ledger.run(stopped, changed())).toEqual({ kind: 'stopped', ran: 'no' });
    const outcome = await ledger.run(failed, fixture.spec('true', { argv: ['./no-such-deploy.sh'] }));
    expect(outcome).toMatchObject({ kind: 'not-started' });
    expect(await ledger.run(failed, changed())).toEqual(outcome);
    expect(await fixture.executions(failed)).toBe(0);
  });

  test('a start that can not be ruled out, because the lock was taken elsewhere: unknown', async () => {
    const key = await fixture.key();
    const directory = fixture.directory(key);
    await directory.record('spec', {
      environment: 'prod',
      argv: ['first'],
      workingDirectory: '/',
      envNames: [],
      deadlineMs: 1,
      stopGraceMs: 1,
    });
    const held = await directory.lock.tryTake('supervisor', directory.command);
    const owner = JSON.parse(await readFile(held?.path ?? '', 'utf8')) as ProcessIdentity;
    await writeFile(held?.path ?? '', JSON.stringify({ ...owner, pidNamespace: 'pid:[1]' }));
    expect(await ledger.run(key, changed())).toMatchObject({ kind: 'unknown' });
    expect(await fixture.executions(key)).toBe(0);
    expect((await ledger.read(key)).spec).toMatchObject({ argv: ['first'] });
  });

  test('a supervisor that has the lock may be about to start: its command is waited for', async () => {
    const key = await fixture.key();
    const directory = fixture.directory(key);
    await directory.record('spec', {
      environment: 'prod',
      argv: ['first'],
      workingDirectory: '/',
      envNames: [],
      deadlineMs: 1,
      stopGraceMs: 1,
    });
    const held = await directory.lock.tryTake('supervisor', directory.command);
    let over = false;
    const waiting = ledger.run(key, changed()).finally(() => (over = true));
    await until(async () => (await ledger.read(key)).observation.state === 'starting');
    expect(over).toBe(false);
    await directory.record('result', { outcome: { kind: 'not-started', reason: 'the first had its word' } });
    await held?.release();
    expect(await waiting).toEqual({ kind: 'not-started', reason: 'the first had its word' });
    expect((await ledger.read(key)).spec).toMatchObject({ argv: ['first'] });
  });

  test('surely nothing has started: the other one replaces it and is started', async () => {
    const [running, key] = [await fixture.key(), await fixture.key()];
    const waiting = ledger.run(running, fixture.spec('sleep 60'));
    await fixture.running(running);
    expect(await ledger.run(key, fixture.spec('exit 1'))).toMatchObject({ kind: 'busy' });
    await ledger.stop(running, 0);
    await waiting;
    await expect(ledger.run(key, unusable())).rejects.toThrow('workingDirectory');
    expect((await ledger.read(key)).spec).toBeUndefined();
    expect(await ledger.run(key, changed())).toMatchObject({ kind: 'exited', exitCode: 9 });
    expect((await ledger.read(key)).spec).toMatchObject({ workingDirectory: '/', deadlineMs: 1_000 });
    expect(await ledger.run(key, fixture.spec('exit 1'))).toMatchObject({ kind: 'exited', exitCode: 9 });
    expect(await fixture.executions(key)).toBe(1);
  });

  test('asked for with several at once: one runs, and the record names that one', async () => {
    for (let time = 0; time < 5; time++) {
      const key = await fixture.key();
      const exitCodes = [11, 12, 13, 14];
      const outcomes = await Promise.all(
        exitCodes.map((code) => ledger.run(key, fixture.spec(`exit ${code}`, { deadlineMs: 10_000 + code }))),
      );
      const [outcome] = outcomes;
      for (const one of outcomes) expect(one).toEqual(outcome);
      if (outcome?.kind !== 'exited') throw new Error(`Expected an exit, got ${outcome?.kind}.`);
      expect((await ledger.read(key)).spec?.deadlineMs).toBe(10_000 + outcome.exitCode);
      expect(await fixture.executions(key)).toBe(1);
    }
  });
});
