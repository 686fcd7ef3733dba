import { describe, expect, test } from '@jest/globals';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fill, withSmallDisk } from '../support/small-disk.js';
import { LedgerFixture } from './ledger-fixture.js';

const withSmallLedger = (act: (disk: string, fixture: LedgerFixture) => Promise<void>): Promise<void> =>
  withSmallDisk(async (disk) => {
    const fixture = await LedgerFixture.create(join(disk, 'ledger'));
    await act(disk, fixture).finally(() => fixture.remove());
  });

describe('the disk is full', () => {
  test('before the start: nothing runs, and that stays so when there is room again', () =>
    withSmallLedger(async (disk, fixture) => {
      const key = await fixture.key();
      fill(disk);
      const outcome = await fixture.ledger.run(key, fixture.spec('true'));
      expect(outcome).toEqual({ kind: 'not-started', reason: expect.stringContaining('full') });
      rmSync(join(disk, 'ballast-65536-0'));
      expect(await fixture.ledger.run(key, fixture.spec('true'))).toEqual(outcome);
      expect(await fixture.executions(key)).toBe(0);
      expect(await fixture.ledger.run(await fixture.key(), fixture.spec('true'))).toMatchObject({ kind: 'exited' });
    }));

  test('while it runs: the result is kept, the lost output is told', () =>
    withSmallLedger(async (disk, fixture) => {
      const key = await fixture.key();
      const script = `head -c 400000 /dev/zero > ${disk}/ballast; head -c 200000 /dev/zero; exit 7`;
      expect(await fixture.ledger.run(key, fixture.spec(script))).toMatchObject({
        kind: 'exited',
        exitCode: 7,
        stdout: { bytes: 200_000, lost: expect.stringContaining('ENOSPC') },
      });
    }));

  test.each(['alive', 'dead'])('a command can still be stopped, its supervisor %s', (supervisor) =>
    withSmallLedger(async (disk, fixture) => {
      const key = await fixture.key();
      const waiting = fixture.ledger.run(key, fixture.spec('sleep 60'));
      const pid = await fixture.running(key);
      fill(disk);
      if (supervisor === 'dead') {
        process.kill(pid, 'SIGKILL');
        expect(await waiting).toMatchObject({ kind: 'unknown' });
      }
      expect(await fixture.ledger.stop(key, 100)).toMatchObject({ state: 'stopped', survivors: [] });
      expect(await fixture.ledger.run(key, fixture.spec('sleep 60'))).toMatchObject({ kind: 'stopped' });
      expect((await waiting).kind).toBe(supervisor === 'dead' ? 'unknown' : 'stopped');
    }),
  );
});
