import { constants } from 'node:fs';
import { lstat, open, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Of one file, in bytes: one that somebody has put there must not fill the memory. */
export const MOST_BYTES = 256 << 20;

/**
 * Opens a file of an evidence folder for reading. Whoever can write the folder, or a copy of it, can put anything there: what a link leads to would come into a
 * report that others read, and a pipe has no end. Throws for all but a file that lies there itself, and what the system says (`ENOENT`, …).
 * @param name may be in a folder of it, `commands/…`
 */
export async function openOwn(folder: string, name: string): Promise<FileHandle> {
  const within = dirname(name);
  if (within !== '.' && !(await lstat(join(folder, within))).isDirectory())
    throw new Error(`${within} is a link or the like, and no folder`);
  // Not waiting: to open a pipe that nobody writes to would last for ever.
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;
  const path = join(folder, name);
  if (!(await lstat(path)).isFile()) throw new Error(`${name} is a link, a pipe or a folder, and no file`);
  const file = await open(path, flags);
  try {
    if (!(await file.stat()).isFile()) throw new Error(`${name} is no file`);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** All bytes of a file of an evidence folder, {@link MOST_BYTES} at most. */
export async function readOwn(folder: string, name: string): Promise<Buffer> {
  const file = await openOwn(folder, name);
  try {
    const { size } = await file.stat();
    if (size > MOST_BYTES) throw new Error(`${name} has ${size} bytes, more than any file of golive's`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}
