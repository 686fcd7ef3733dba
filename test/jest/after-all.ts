import { rm } from 'node:fs/promises';
import { endAll, processesOf } from '../../scripts/processes-of.js';
import { closeWorkshops } from './workshops.js';

const GRACE_MS = 5_000;

/**
 * Jest's own process runs a test file itself when there is just one: what it has opened is closed when all is done. A worker that was too busy to end in
 * order, which jest ends with KILL after half a second, has left its servers.
 */
export default async function afterAll(): Promise<void> {
  await closeWorkshops();
  // Never whatever TMPDIR says by now: it is removed with all there is in it.
  const folder = process.env['GOLIVE_TESTS_FOLDER'];
  if (folder === undefined) return;
  await endAll(() => processesOf(folder), GRACE_MS);
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
