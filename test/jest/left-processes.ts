import { setTimeout as pause } from 'node:timers/promises';
import { asLines, endAll, processesOf } from '../../scripts/processes-of.js';
import { sharedServers } from './workshops.js';

/** So long what a test file has told to end may take to go. */
const GOES_WITHIN_MS = 10_000;
const GRACE_MS = 2_000;

/** Ends what a test file with this temporary folder has left running. Returns an error that names it, if there is anything. */
export async function endLeftProcesses(folder: string): Promise<Error | undefined> {
  const servers = await sharedServers();
  const look = () => processesOf(folder, servers);
  for (let waited = 0; waited < GOES_WITHIN_MS && look().length > 0; waited += 100) await pause(100);
  const left = look();
  if (left.length === 0) return undefined;
  await endAll(look, GRACE_MS);
  return new Error(`These tests have left processes behind, ended now:\n${asLines(left).join('\n')}`);
}
