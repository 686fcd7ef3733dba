import { setTimeout as sleep } from 'node:timers/promises';
import { abortSome, environmentsOf, SETTLE_MS, startAll, takeCrowd } from '../crowd.js';
import { secondsOf, type Bench, type Scenario, type Size } from '../scenario.js';
import { Stand } from '../stand.js';

/** How many go-lives soak at once; the first is what the others are compared with. More than five hundred of them would need more than two cores: a thousand are in hypercare. */
const COUNTS: Readonly<Record<Size, readonly number[]>> = {
  quick: [1, 6],
  usual: [1, 50, 150],
  full: [1, 100, 300, 500],
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

    const resident = await takeCrowd(bench, stand, `${count}`, {
      everyMs: PROBE_EVERY_MS,
      seconds: secondsOf(bench.size),
    });
    // Where there are few, they begin again.
    await abortSome(
      bench,
      `${count}`,
      (run) => soaking.shift() ?? stand.golive.soak(environments[(run - 1) % count] ?? ''),
    );
    // What still soaks ends with its server: hundreds of rollbacks would only take time.
    return resident;
  } finally {
    await stand.close();
  }
}
