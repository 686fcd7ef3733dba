import { setTimeout as sleep } from 'node:timers/promises';
import { environmentsOf, SETTLE_MS, startAll, watchBoth } from '../crowd.js';
import { secondsOf, type Bench, type Scenario, type Size } from '../scenario.js';
import { Stand } from '../stand.js';
import { median, quantile } from '../statistics.js';
import { momentOf } from './abort.js';

/** How many go-lives soak at once; the first is what the others are compared with. */
const COUNTS: Readonly<Record<Size, readonly number[]>> = {
  quick: [1, 6],
  usual: [1, 50, 150],
  full: [1, 100, 300, 1_000],
};
const PROBE_EVERY_MS = 1_000;

export const many: Scenario = {
  name: 'many',
  title: 'Many go-lives in one worker',
  says: 'So many go-lives soak in one worker process, each with a health probe a second; a new server and worker for each number. A probe is late by what lies between it and the one before beyond one second, the answer’s time included. Aborts: one at a time, beside all the others.',
  async measure(bench) {
    let alone: number | undefined;
    for (const count of COUNTS[bench.size]) {
      const resident = await soakMany(bench, count);
      if (alone !== undefined)
        bench.take(`${count}: memory for each more`, 'golive', 'MiB', (resident - alone) / (count - 1));
      alone ??= resident;
    }
  },
};

/** Returns the memory that the worker has while they soak, in MiB. */
async function soakMany(bench: Bench, count: number): Promise<number> {
  const environments = environmentsOf(count);
  const stand = await Stand.open(bench.ending, environments);
  try {
    await stand.play({ soaks: true });
    const soaking = await startAll(environments, (each) => stand.golive.soak(each));
    await sleep(SETTLE_MS);

    const resident = await watchThem(bench, stand, count);
    const aborts = bench.runs({ quick: 2, usual: 15 });
    for (let run = 1; run <= aborts; run++) {
      // Where there are few, they begin again.
      const soak = soaking.shift() ?? (await stand.golive.soak(environments[(run - 1) % count] ?? ''));
      await sleep(momentOf(run));
      const from = await soak.abort();
      bench.take(`${count}: abort sent → rollback process began`, 'golive', 'ms', (await soak.began()) - from);
      await soak.over();
    }
    // What still soaks ends with its server: a thousand rollbacks would only take time.
    return resident;
  } finally {
    await stand.close();
  }
}

async function watchThem(bench: Bench, stand: Stand, count: number): Promise<number> {
  let seen: Awaited<ReturnType<typeof watchBoth>> | undefined;
  const probes = await stand.service.probesDuring(async () => (seen = await watchBoth(stand, secondsOf(bench.size))));
  for (const { cpu, residentMiB } of seen?.worker ?? []) {
    bench.take(`${count}: processor, worker`, 'golive', '%', cpu);
    bench.take(`${count}: memory, worker`, 'golive', 'MiB', residentMiB);
  }
  for (const { cpu } of seen?.server ?? []) bench.take(`${count}: processor, server`, 'golive', '%', cpu);
  const late = probes.flatMap((times) =>
    times.slice(1).map((at, index) => at - (times[index] ?? NaN) - PROBE_EVERY_MS),
  );
  for (const each of late) bench.take(`${count}: a probe is late by`, 'golive', 'ms', each);
  bench.take(`${count}: a probe is late by, p99`, 'golive', 'ms', quantile(late, 0.99));
  return median((seen?.worker ?? []).map(({ residentMiB }) => residentMiB));
}
