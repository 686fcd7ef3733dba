import { realpath, rm } from 'node:fs/promises';
import path from 'node:path';
import { readWhole, replaceWhole } from '../durable-file.js';
import { commandLine } from './server-process.js';
import { fromJson, number, object, text } from './shape.js';

/** What a running development server leaves beside its database file, so that another process finds it. */
export interface ServerRecord {
  readonly pid: number;
  readonly address: string;
  readonly uiUrl?: string;
  readonly namespace: string;
  readonly logFile: string;
}

const readRecord = object({ pid: number, address: text, namespace: text, logFile: text }, { uiUrl: text });

/** The server that runs on this database file, or undefined. A record whose process has gone, or is no Temporal server, counts as none. */
export async function runningDevServer(dbFile: string): Promise<ServerRecord | undefined> {
  const written = await readWhole(recordFile(dbFile));
  const record = written === undefined ? undefined : readRecord(fromJson(written));
  if (!record || !isPid(record.pid)) return undefined; // written whole or not at all; anything else isn't ours
  const command = await commandLine(record.pid);
  return command?.includes('start-dev') && command.includes(await physicalPath(dbFile)) ? record : undefined;
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

const isPid = (pid: number): boolean => Number.isInteger(pid) && pid > 0;
