import { setTimeout as sleep } from 'node:timers/promises';
import { momentOf } from '../crowd.js';
import type { Scenario } from '../scenario.js';
import type { Side } from '../side.js';
import { BENCH, type Stand } from '../stand.js';
import { within } from '../within.js';
import { soakingStand } from './abort.js';

export const third503: Scenario = {
  name: 'third-503',
  title: 'The third 503',
  says: 'From the moment when the service has answered the third 503 in a row to the rollback’s process. The twin is an activity that asks each second and returns at the third 503, and then the same command.',
  async measure(bench) {
    const stand = await soakingStand(bench);
    const runs = bench.runs({ quick: 2, usual: 15 });
    for (let run = 1; run <= runs; run++)
      for (const side of stand.sides)
        bench.take('third 503 answered → rollback process began', side.of, 'ms', await breakOnce(stand, side, run));
  },
};

async function breakOnce(stand: Stand, side: Side, run: number): Promise<number> {
  const { service } = stand;
  const watched = await side.watch(BENCH);
  await sleep(momentOf(run));
  try {
    const third = await within('The third 503', service.fail(BENCH));
    const began = await watched.began();
    return began - third;
  } finally {
    service.mend(BENCH);
    await watched.over();
  }
}
