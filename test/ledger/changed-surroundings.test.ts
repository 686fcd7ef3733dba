import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import type { CommandKey } from '../../src/ledger/command-key.js';
import type { ProcessIdentity } from '../../src/ledger/process-identity.js';
import { LedgerFixture } from './ledger-fixture.js';

describe('found from another boot or container', () => {
  let fixture: LedgerFixture;
  beforeEach(async () => void (fixture = await LedgerFixture.create()));
  afterEach(() => fixture.remove());

  /** Makes everything of a running command look as if it had been written elsewhere, by killing its supervisor and editing its files. */
  async function displaced(changes: Partial<ProcessIdentity>): Promise<CommandKey> {
    const key = await fixture.key();
    const waiting = fixture.ledger.run(key, fixture.spec('sleep 60'));
    process.kill(await fixture.running(key), 'SIGKILL');
    await waiting;
    const directory = fixture.directory(key);
    const number = await directory.lock.highest();
    const files = ['started.json', 'child.json', ...Array.from({ length: number }, (_, at) => `lock.${at + 1}`)];
    for (const file of [...files.map((name) => directory.file(name)), `${fixture.root}/environments/prod/lock.1`]) {
      const edited = (await readFile(file, 'utf8')).replaceAll(
        /"(bootId|pidNamespace)":\s*"([^"]*)"/g,
        (whole, name: keyof typeof changes) => (changes[name] === undefined ? whole : `"${name}": "${changes[name]}"`),
      );
      await writeFile(file, edited);
    }
    // The decision's lock would say "released": as if the supervisor's were the last.
    await writeFile(directory.file(`lock.${number + 1}`), await readFile(directory.file('lock.1')));
    return key;
  }

  test('after a reboot: unknown, never run again, and the environment is free', async () => {
    const key = await displaced({ bootId: 'an-earlier-boot' });
    expect(await fixture.ledger.run(key, fixture.spec('sleep 60'))).toMatchObject({
      kind: 'unknown',
      why: expect.stringContaining('another boot'),
    });
    // In truth it still runs here; by its mark it is found and ended.
    expect(await fixture.ledger.stop(key, 0)).toMatchObject({ state: 'stopped', survivors: [] });
    expect(await fixture.ledger.run(await fixture.key('rollback'), fixture.spec('true'))).toMatchObject({
      kind: 'exited',
    });
    expect(await fixture.executions(key)).toBe(1);
  });

  test('from another container: unknown, the environment stays busy until a person settles it', async () => {
    const key = await displaced({ pidNamespace: 'pid:[1]' });
    const rollback = await fixture.key('rollback');
    const elsewhere = expect.stringContaining('another container');
    expect(await fixture.ledger.run(key, fixture.spec('sleep 60'))).toMatchObject({ kind: 'unknown', why: elsewhere });
    expect(await fixture.ledger.run(rollback, fixture.spec('true'))).toMatchObject({ kind: 'busy', heldBy: elsewhere });
    expect(await fixture.ledger.stop(key, 0)).toMatchObject({ state: 'unproven', why: elsewhere });
    await fixture.ledger.settle(key, { choice: 'roll back', by: 'Ann', reason: 'that container is gone' });
    expect(await fixture.ledger.run(rollback, fixture.spec('true'))).toMatchObject({ kind: 'exited' });
    expect(await fixture.executions(key)).toBe(1);
  });

  test('a lock taken elsewhere for a command that has not started: unknown, not free', async () => {
    const key = await fixture.key();
    const { lock } = fixture.directory(key);
    const held = await lock.tryTake('supervisor', 'x');
    const owner = JSON.parse(await readFile(held?.path ?? '', 'utf8')) as ProcessIdentity;
    await writeFile(held?.path ?? '', JSON.stringify({ ...owner, pidNamespace: 'pid:[1]' }));
    expect(await fixture.ledger.run(key, fixture.spec('true'))).toMatchObject({ kind: 'unknown' });
    expect(await fixture.executions(key)).toBe(0);
  });
});
