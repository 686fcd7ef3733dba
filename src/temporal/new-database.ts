import { access, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createWhole, flushDirectory } from '../durable-file.js';

/**
 * To be called before a server starts on a database file. A server that is killed while it makes a new one leaves half a schema, with which none starts
 * again. So a new file is marked until a server has served from it; one that still has its mark is made anew: nothing was ever kept in it.
 */
export async function beginDatabase(dbFile: string): Promise<void> {
  if (await exists(markOf(dbFile)))
    await Promise.all(['', '-wal', '-shm', '-journal'].map((more) => rm(`${dbFile}${more}`, { force: true })));
  else if (!(await exists(dbFile)))
    await createWhole(
      markOf(dbFile),
      'No server has served from this database yet: it is made anew at the next start.\n',
    );
}

/** To be called once a server serves from it, before anybody is told where that is. */
export async function databaseServes(dbFile: string): Promise<void> {
  await rm(markOf(dbFile), { force: true });
  await flushDirectory(dirname(dbFile)); // a mark that a power cut brings back would cost all that was kept since
}

const markOf = (dbFile: string): string => `${dbFile}.unserved`;

async function exists(file: string): Promise<boolean> {
  return await access(file).then(
    () => true,
    () => false,
  );
}
