import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { link, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeDirectory } from './make-directory.js';

/** The error code of a failed system call (`ENOENT`, `ENOSPC`, …), if it was one. */
export function systemErrorCode(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}

/** True for the errors that mean "no room left on this disk". */
export function isDiskFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes(systemErrorCode(error) ?? '');
}

/** Makes the entries of a directory survive a power cut. */
export async function flushDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** Creates a directory for its owner alone, with its parents down from `base`, and flushes each new entry. */
export async function createDirectory(base: string, path: string): Promise<void> {
  await makeDirectory(path, 0o700);
  for (let parent = path; parent !== base && parent !== dirname(parent);) {
    parent = dirname(parent);
    await flushDirectory(parent);
  }
}

/** The same for what means nothing after a crash of the machine: nothing is flushed. */
export async function createFleetingDirectory(path: string): Promise<void> {
  await makeDirectory(path, 0o700);
}

/** Where the room that is set aside for a file lies. */
export const reserveOf = (path: string): string => `${path}.reserved`;

/** Sets room aside for a later {@link createWhole} of the same path, so that a disk that fills up meanwhile can't prevent it. */
export async function reserve(path: string, bytes: number): Promise<void> {
  await writeDraft(reserveOf(path), Buffer.alloc(bytes));
}

/** Gives back the room that {@link reserve} set aside and nobody used. */
export async function giveBackReserve(path: string): Promise<void> {
  await rm(reserveOf(path), { force: true });
}

/**
 * Creates a file that no one ever sees half-written: written beside, flushed, then linked to its name.
 * Uses the room that {@link reserve} set aside for it (or for `room`, if given), if any. Never overwrites.
 * @returns false if the file exists already; the existing one is kept.
 */
export async function createWhole(path: string, text: string, room = reserveOf(path)): Promise<boolean> {
  if (!(await createAtOnce(path, text, room, true))) return false;
  await flushDirectory(dirname(path));
  return true;
}

/** The same for what means nothing after a crash of the machine: it isn't flushed, and may then be gone or empty. It has no room of its own, only the one given. */
export async function createFleeting(path: string, text: string, room?: string): Promise<boolean> {
  return createAtOnce(path, text, room, false);
}

async function createAtOnce(path: string, text: string, room: string | undefined, flushed: boolean): Promise<boolean> {
  const draft = `${path}.${randomUUID()}.draft`;
  if (room !== undefined) await takeRoom(room, draft);
  try {
    await writeDraft(draft, Buffer.from(text), flushed);
    await link(draft, path);
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return true;
}

async function takeRoom(room: string, draft: string): Promise<void> {
  try {
    await rename(room, draft);
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
  }
}

/** Puts a file in the place of another in one step: who reads sees the old one whole or the new one whole. */
export async function replaceWhole(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomUUID()}.draft`;
  try {
    await writeDraft(draft, Buffer.from(text));
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
  await flushDirectory(dirname(path));
}

/** Overwrites in place: blocks that are allocated already need no room on a full disk. */
async function writeDraft(path: string, bytes: Buffer, flushed = true): Promise<void> {
  const file = await open(path, constants.O_WRONLY | constants.O_CREAT, 0o600);
  try {
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await file.write(bytes, done, bytes.length - done, done);
      done += bytesWritten;
    }
    await file.truncate(bytes.length);
    if (flushed) await file.sync();
  } finally {
    await file.close();
  }
}

/** The text of a file, or undefined if there is none. */
export async function readWhole(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** The names in a directory, none if there is no such directory. */
export async function namesIn(path: string): Promise<string[]> {
  try {
    return (await readdir(path)).sort();
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
