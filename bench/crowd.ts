// Many go-lives at once, and what they take.
import { watchProcesses, type Stretch } from './processes.js';
import type { Stand } from './stand.js';

const STARTED_AT_ONCE = 8;
/** Until what a start has left behind is done. */
export const SETTLE_MS = 3_000;

/** The names of so many environments. */
export const environmentsOf = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `env-${index + 1}`);

/** Starts a go-live in each, a few at a time. Resolves with what came of each, in their order; rejects when one does. */
export async function startAll<T>(
  environments: readonly string[],
  start: (environment: string) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  const waiting = [...environments.entries()];
  const startNext = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      results[next[0]] = await start(next[1]);
  };
  await Promise.all(Array.from({ length: STARTED_AT_ONCE }, startNext));
  return results;
}

/** What golive's worker and the server take, looked at for so many seconds. */
export function watchBoth(stand: Stand, seconds: number): Promise<Record<'worker' | 'server', Stretch[]>> {
  const [worker] = stand.workers('golive');
  if (!worker) throw new Error('The stand has no worker.');
  return watchProcesses({ worker: worker.pid, server: stand.server.pid }, seconds);
}
