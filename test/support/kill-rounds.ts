/** GOLIVE_KILL_RUNS: how often each kind of run is killed along; GOLIVE_KILL_SEED: where the seeds begin. A failing test names its seed. */
export function killSeeds(usualRuns: number): number[] {
  const runs = Number(process.env['GOLIVE_KILL_RUNS'] ?? usualRuns);
  const first = Number(process.env['GOLIVE_KILL_SEED'] ?? 1);
  return Array.from({ length: runs }, (_, index) => first + index);
}

/** With 3 good, 2 failing and 2 aborted runs these are up to 49 kills. */
export const KILLS_PER_RUN = 7;

/** The fewest that make a run count: one that is quicker than its killer is no proof. */
export const FEWEST_KILLS = 6;

/** A killed worker's work is picked up after its heartbeat has been silent for 5 s; each kill can cost that. Milliseconds. */
export const KILLED_RUN_LIMIT_MS = 180_000;
