import { randomUUID } from 'node:crypto';
import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandDirectory } from './command-directory.js';
import { createDirectory, namesIn } from '../durable-file.js';
import { EnvironmentLock } from './environment-lock.js';
import { lockNumbers } from './numbered-lock.js';
import { observe } from './observation.js';

export interface SweepOptions {
  /** Only runs in which nothing has happened for longer than this, in milliseconds. */
  readonly olderThanMs: number;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Says of a run that it must stay, for instance because its workflow is still open. */
  readonly keep?: (workflowId: string, firstExecutionRunId: string) => boolean | Promise<boolean>;
}

/** Removes old runs all of whose commands are over. @returns the removed ones as `<workflow>/<run>` */
export async function sweepRuns(root: string, hostId: string, options: SweepOptions): Promise<string[]> {
  const swept: string[] = [];
  const trash = join(root, 'swept');
  await createDirectory(root, trash);
  for (const workflowId of await namesIn(join(root, 'runs'))) {
    for (const run of await namesIn(join(root, 'runs', workflowId))) {
      const name = `${workflowId}/${run}`;
      if ((await options.keep?.(workflowId, run)) || !(await isOver(root, hostId, name, options))) continue;
      // Renamed first: from then on it is gone as a whole, even if this process dies while deleting.
      await rename(join(root, 'runs', name), join(trash, randomUUID()));
      swept.push(name);
    }
  }
  for (const name of await namesIn(trash)) await rm(join(trash, name), { recursive: true, force: true });
  await sweepEnvironmentLocks(root, options);
  return swept;
}

async function isOver(root: string, hostId: string, run: string, options: SweepOptions): Promise<boolean> {
  const commands = (await namesIn(join(root, 'runs', run))).map((name) => new CommandDirectory(root, `${run}/${name}`));
  const old = async (path: string): Promise<boolean> => options.now - (await stat(path)).mtimeMs > options.olderThanMs;
  if (!(await old(join(root, 'runs', run)))) return false;
  for (const command of commands) {
    if (!(await old(command.path))) return false;
    const seen = await observe(command, hostId);
    if (seen.state === 'running' || seen.state === 'starting' || (seen.state === 'unknown' && !seen.settled))
      return false;
    const spec = await command.read('spec');
    if (spec && (await new EnvironmentLock(root, hostId, spec.environment).dependsOn(command.command))) return false;
  }
  for (const command of commands) {
    // What has never started is fenced like by a stop, so that no late attempt starts in a directory that is about to vanish.
    if ((await observe(command, hostId)).state !== 'authorised') continue;
    await command.record('revoked', {
      cause: 'swept',
      reason: 'swept after it was not used for long',
      at: new Date(options.now).toISOString(),
    });
    if ((await observe(command, hostId)).state !== 'revoked') return false;
  }
  return true;
}

/** All but the highest lock of an environment only tell the past. */
async function sweepEnvironmentLocks(root: string, options: SweepOptions): Promise<void> {
  for (const environment of await namesIn(join(root, 'environments'))) {
    const directory = join(root, 'environments', environment);
    const numbers = (await lockNumbers(directory)).sort((one, other) => one - other).slice(0, -1);
    for (const path of numbers.map((number) => join(directory, `lock.${number}`))) {
      if (options.now - (await stat(path)).mtimeMs <= options.olderThanMs) continue;
      // The mark of its release last: without it a living owner's lock would seem held.
      await rm(path, { force: true });
      await rm(`${path}.released`, { force: true });
    }
  }
}
