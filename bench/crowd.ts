// Many go-lives at once, and what they take.
import { setTimeout as sleep } from 'node:timers/promises';
import { watchProcesses, type Stretch } from './processes.js';
import type { Bench } from './scenario.js';
import type { Soaking } from './side.js';
import type { Stand } from './stand.js';
import { median, quantile } from './statistics.js';

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

/**
 * What a crowd takes in so many seconds, each of which is looked at in such intervals, in milliseconds. The measures begin with `crowd`.
 * Returns the memory that the worker has meanwhile, in MiB.
 */
export async function takeCrowd(
  bench: Bench,
  stand: Stand,
  crowd: string,
  { everyMs, seconds }: { readonly everyMs: number; readonly seconds: number },
): Promise<number> {
  let seen: Awaited<ReturnType<typeof watchBoth>> | undefined;
  const probes = await stand.service.probesDuring(async () => (seen = await watchBoth(stand, seconds)));
  for (const { cpu, residentMiB } of seen?.worker ?? []) {
    bench.take(`${crowd}: processor, worker`, 'golive', '%', cpu);
    bench.take(`${crowd}: memory, worker`, 'golive', 'MiB', residentMiB);
  }
  for (const { cpu } of seen?.server ?? []) bench.take(`${crowd}: processor, server`, 'golive', '%', cpu);
  const late = probes.flatMap((times) => times.slice(1).map((at, index) => at - (times[index] ?? NaN) - everyMs));
  for (const each of late) bench.take(`${crowd}: a probe is late by`, 'golive', 'ms', each);
  bench.take(`${crowd}: a probe is late by, p99`, 'golive', 'ms', quantile(late, 0.99));
  return median((seen?.worker ?? []).map(({ residentMiB }) => residentMiB));
}

/** Aborts some of a crowd, one at a time, each at another moment between two seconds. */
export async function abortSome(
  bench: Bench,
  crowd: string,
  next: (run: number) => Promise<Soaking> | Soaking | undefined,
): Promise<void> {
  const aborts = bench.runs({ quick: 2, usual: 15 });
  for (let run = 1; run <= aborts; run++) {
    const soak = await next(run);
    if (!soak) throw new Error(`Of ${crowd} go-lives none is left to abort.`);
    bench.take(`${crowd}: abort sent → rollback process began`, 'golive', 'ms', await abortOnce(soak, run));
  }
}

/** How long it took from an abort to the rollback's process, in milliseconds. */
export async function abortOnce(soaking: Soaking, run: number): Promise<number> {
  await sleep(momentOf(run));
  const from = await soaking.abort();
  const took = (await soaking.began()) - from;
  await soaking.over();
  return took;
}

/** Another moment between two looks each time, in milliseconds, and the same ones again. */
export const momentOf = (run: number): number => (run * 137) % 1_000;
