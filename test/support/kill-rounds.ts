import { IN_FULL } from './thorough.js';

/** GOLIVE_KILL_RUNS: how often each kind of run is killed along; GOLIVE_KILL_SEED: where the seeds begin. A failing test names its seed. */
export function killSeeds(usualRuns: number): number[] {
  const runs = Number(process.env['GOLIVE_KILL_RUNS'] ?? usualRuns);
  const first = Number(process.env['GOLIVE_KILL_SEED'] ?? 1);
  return Array.from({ length: runs }, (_, index) => first + index);
}

/** Two kills at each. In CI, with a good, a failing and an aborted run, these are 18 kills; the campaign has many more. */
export const PLACES_PER_RUN = IN_FULL ? 3 : 2;

/** A run that is quicker than its killer is no proof. */
export const KILLS_PER_RUN = 2 * PLACES_PER_RUN;
/** One that is taken back may be over before the last place comes. */
export const KILLS_WHEN_TAKEN_BACK = KILLS_PER_RUN - 2;
