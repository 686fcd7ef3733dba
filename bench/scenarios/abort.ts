import { abortOnce } from '../crowd.js';
import type { Bench, Scenario } from '../scenario.js';
import { BENCH, type Stand } from '../stand.js';

const ABORT = 'abort sent → rollback process began';

export const abort: Scenario = {
  name: 'abort',
  title: 'Abort',
  says: 'A soak whose health is looked at each second; from the beginning of the client’s call to the clock that the rollback’s own process reads first. The twin waits for the signal alone and spawns the same command.',
  async measure(bench) {
    await warmUp(bench);
    await abortInTurns(bench, bench.runs({ quick: 3, usual: 20 }));
  },
};

/** What is cold at the first abort is warm at every later one. */
export async function warmUp(bench: Bench): Promise<void> {
  for (const side of (await soakingStand(bench)).sides) await abortOnce(await side.soak(BENCH), 0);
}

/** Aborts each side so many times, in turns. */
export async function abortInTurns(bench: Bench, runs: number): Promise<void> {
  const stand = await soakingStand(bench);
  for (let run = 1; run <= runs; run++)
    for (const side of stand.sides) bench.take(ABORT, side.of, 'ms', await abortOnce(await side.soak(BENCH), run));
}

/** The stand that all share, where go-lives soak. */
export async function soakingStand(bench: Bench): Promise<Stand> {
  const stand = await bench.stand();
  await stand.play({ soaks: true });
  return stand;
}
