import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommandKey } from '../../src/ledger/command-key.js';
import { LedgerFixture } from './ledger-fixture.js';

const DAY_MS = 86_400_000;

describe('sweeping', () => {
  let fixture: LedgerFixture;
  beforeEach(async () => void (fixture = await LedgerFixture.create()));
  afterEach(() => fixture.remove());

  const later = () => ({ olderThanMs: 30 * DAY_MS, now: Date.now() + 31 * DAY_MS });

  test('removes old runs that are over, and of the environment all locks but the last', async () => {
    for (let command = 0; command < 3; command++) await fixture.ledger.run(await fixture.key(), fixture.spec('true'));
    await fixture.key(); // authorised, never run
    expect(await fixture.ledger.sweep({ olderThanMs: 30 * DAY_MS, now: Date.now() + 29 * DAY_MS })).toEqual([]);
    expect(await fixture.ledger.sweep({ ...later(), keep: () => true })).toEqual([]);
    expect(await fixture.swept(later())).toEqual(['go-live-test/run-1']);
    expect(await fixture.ledger.commandsOf('prod')).toEqual([]);
    expect((await readdir(join(fixture.root, 'environments', 'prod'))).sort()).toEqual(['lock.3', 'lock.3.released']);
    expect(await fixture.ledger.run(await fixture.key(), fixture.spec('true'))).toMatchObject({ kind: 'exited' });
  });

  test('never one that runs', async () => {
    const key = await fixture.key();
    const waiting = fixture.ledger.run(key, fixture.spec('sleep 60'));
    await fixture.running(key);
    expect(await fixture.ledger.sweep(later())).toEqual([]);
    await fixture.ledger.stop(key, 0);
    await waiting;
    expect(await fixture.swept(later())).toEqual(['go-live-test/run-1']);
  });

  test('never one that is unknown, until a person has settled it', async () => {
    const key: CommandKey = await fixture.key();
    const waiting = fixture.ledger.run(key, fixture.spec('sleep 60'));
    process.kill(await fixture.running(key), 'SIGKILL');
    await waiting;
    expect(await fixture.ledger.sweep(later())).toEqual([]);
    await fixture.ledger.settle(key, { choice: 'treat as done', by: 'Ann', reason: 'it was' });
    expect(await fixture.swept(later())).toEqual(['go-live-test/run-1']);
  });
});
