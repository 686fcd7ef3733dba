import { readdir, lstat } from 'node:fs/promises';
import { join } from 'node:path';

/** The size of all files below a folder, in bytes. What vanishes while it is looked at counts for nothing. */
export async function folderSize(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name);
    bytes += entry.isDirectory()
      ? await folderSize(path)
      : await lstat(path).then(
          ({ size }) => size,
          () => 0,
        );
  }
  return bytes;
}
