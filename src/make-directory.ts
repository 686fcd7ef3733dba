import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Parents can vanish between two steps (a sweep); those of /proc are there and can't have it all the same. */
const ATTEMPTS = 3;

/**
 * Creates a directory with the parents it lacks; one that is there is left as it is. Throws the system's error otherwise.
 * Node's own `recursive` goes round for ever where the parent exists and the system still says ENOENT, as below /proc.
 */
export async function makeDirectory(path: string, mode = 0o777): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await mkdir(path, { mode });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT' && attempt < ATTEMPTS && dirname(path) !== path)
        await makeDirectory(dirname(path), mode);
      else if (await isDirectory(path)) return;
      else throw error;
    }
  }
}

async function isDirectory(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
