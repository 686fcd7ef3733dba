import { describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LedgerFixture } from './ledger-fixture.js';

/** A disk of 256 KiB; undefined where this user may not mount one. */
function mountSmallDisk(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined;
  const path = mkdtempSync(join(tmpdir(), 'golive-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', path], { stdio: 'ignore' });
    return path;
  } catch {
    rmSync(path, { recursive: true });
    return undefined;
  }
}

function fill(path: string): void {
  for (const size of [65_536, 4_096, 1]) {
    for (let number = 0; number < 1_000; number++) {
      try {
        writeFileSync(join(path, `ballast-${size}-${number}`), Buffer.alloc(size));
      } catch {
        break;
      }
    }
  }
}

async function withSmallDisk(act: (disk: string, fixture: LedgerFixture) => Promise<void>): Promise<void> {
  const disk = mountSmallDisk();
  if (disk === undefined) {
    console.warn('Skipped: a full disk can only be tried by root on Linux, who may mount a small one.');
    return;
  }
  try {
    const fixture = await LedgerFixture.create(join(disk, 'ledger'));
    await act(disk, fixture).finally(() => fixture.remove());
  } finally {
    execFileSync('umount', ['-l', disk]);
    rmSync(disk, { recursive: true, force: true });
  }
}

describe('the disk is full', () => {
  test('before the start: nothing runs, and that stays so when there is room again', () =>
    withSmallDisk(async (disk, fixture) => {
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
    withSmallDisk(async (disk, fixture) => {
      const key = await fixture.key();
      const script = `head -c 400000 /dev/zero > ${disk}/ballast; head -c 200000 /dev/zero; exit 7`;
      expect(await fixture.ledger.run(key, fixture.spec(script))).toMatchObject({
        kind: 'exited',
        exitCode: 7,
        stdout: { bytes: 200_000, lost: expect.stringContaining('ENOSPC') },
      });
    }));

  test.each(['alive', 'dead'])('a command can still be stopped, its supervisor %s', (supervisor) =>
    withSmallDisk(async (disk, fixture) => {
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
