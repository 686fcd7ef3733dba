import { setTimeout as pause } from 'node:timers/promises';
import type { EndToEnd } from './end-to-end.js';
import type { GoLiveRun } from './go-live-run.js';
import { seededNumbers } from './seeded-instants.js';

/** Most kills wait until the run has got further by up to this many lines of its timeline, so that they reach every phase of it … */
const MOST_LINES = 16;
/** … and then fall into the middle of what it does next, at most so many milliseconds later. */
const LONGEST_WAIT_MS = 500;
/** The others hit a worker that is barely up. */
const SHARE_AT_ONCE = 0.5;

/** Kills a site's worker with -9 at seeded random instants of a run, each time with a new one at once. Returns how often, when the run is over. */
export async function killAlong(site: EndToEnd, run: GoLiveRun, seed: number, atMost: number): Promise<number> {
  const next = seededNumbers(seed);
  let over = false;
  const result = run.result().finally(() => (over = true));
  let reached = 0;
  let kills = 0;
  try {
    while (kills < atMost && !over) {
      const goal = next() < SHARE_AT_ONCE ? 0 : reached + 1 + Math.floor(next() * MOST_LINES);
      while (!over && reached < goal) {
        await pause(50);
        reached = await run.linesRecorded();
      }
      await pause(next() * LONGEST_WAIT_MS);
      if (over) break;
      await site.replaceWorker();
      kills += 1;
    }
  } finally {
    await result;
  }
  return kills;
}
