import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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

/** Leaves no room on it. */
export function fill(path: string): void {
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

/** Acts on a disk of 256 KiB, where this user may mount one. */
export async function withSmallDisk(act: (disk: string) => Promise<void>): Promise<void> {
  const disk = mountSmallDisk();
  if (disk === undefined) {
    console.warn('Skipped: a full disk can only be tried by root on Linux, who may mount a small one.');
    return;
  }
  try {
    await act(disk);
  } finally {
    execFileSync('umount', ['-l', disk]);
    rmSync(disk, { recursive: true, force: true });
  }
}
