import { realpath, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { readWhole, replaceWhole } from '../durable-file.js';
import { commandLine } from './server-process.js';

const ServerRecord = z.object({
  pid: z.number().int().positive(),
  address: z.string(),
  uiUrl: z.string().optional(),
  namespace: z.string(),
  logFile: z.string(),
});

/** What a running development server leaves beside its database file, so that another process finds it. */
export type ServerRecord = z.infer<typeof ServerRecord>;

/** The server that runs on this database file, or undefined. A record whose process has gone, or is no Temporal server, counts as none. */
export async function runningDevServer(dbFile: string): Promise<ServerRecord | undefined> {
  const text = await readWhole(recordFile(dbFile));
  if (text === undefined) return undefined;
  const record = ServerRecord.safeParse(safeJson(text));
  if (!record.success) return undefined; // written whole or not at all; anything else isn't ours
  const command = await commandLine(record.data.pid);
  return command?.includes('start-dev') && command.includes(await physicalPath(dbFile)) ? record.data : undefined;
}

/** Leaves the record; whole, so that nobody reads half of it. */
export async function writeServerRecord(dbFile: string, record: ServerRecord): Promise<void> {
  await replaceWhole(recordFile(dbFile), JSON.stringify(record));
}

/** Removes the record of a server that has been stopped. */
export async function removeServerRecord(dbFile: string): Promise<void> {
  await rm(recordFile(dbFile), { force: true });
}

/** A path without links in its folder, so that two ways to name a file compare equal. The folder must exist. */
export async function physicalPath(file: string): Promise<string> {
  return path.join(await realpath(path.dirname(file)), path.basename(file));
}

function recordFile(dbFile: string): string {
  return `${dbFile}.server.json`;
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
