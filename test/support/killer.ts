import { setTimeout as pause } from 'node:timers/promises';
import type { EndToEnd } from './end-to-end.js';
import type { GoLiveRun } from './go-live-run.js';
import { seededNumbers } from './seeded-instants.js';

/** Fewer lines than the timeline of any of these runs has: the kills lie anywhere on the way … */
const LINES = 32;
/** … each in the middle of what comes next, at most so many milliseconds later … */
const LONGEST_WAIT_MS = 500;
/** … and each followed by another, at most so many milliseconds after the new worker is up: it dies while it takes over. */
const LONGEST_LIFE_MS = 1_500;

/** Kills a site's worker with -9, twice at each of some seeded random places along a run, each time with a new one at once. Returns how often, when the run is over. */
export async function killAlong(site: EndToEnd, run: GoLiveRun, seed: number, places: number): Promise<number> {
  const next = seededNumbers(seed);
  const plan = Array.from({ length: places }, () => ({
    line: Math.floor(next() * LINES),
    waits: [next() * LONGEST_WAIT_MS, next() * LONGEST_LIFE_MS],
  }));
  let over = false;
  // A kill of the worker is no reason to ask people anything: a question is a fault, and nobody here would answer it.
  const watch = unlessAsked(run, () => over);
  const result = Promise.race([run.result(), watch]).finally(() => (over = true));
  result.catch(() => undefined); // looked at in the end
  let kills = 0;
  try {
    for (const { line, waits } of plan.sort((a, b) => a.line - b.line)) {
      while (!over && (await run.linesRecorded()) < line) await pause(50);
      for (const wait of waits) {
        await pause(wait);
        if (over) break;
        await site.replaceWorker();
        kills += 1;
      }
    }
  } finally {
    await result;
    await watch; // nothing is asked any more when the connection is closed
  }
  await run.until('an answer when all is over', () => true);
  return kills;
}

/** As often as a screen that somebody watches and a UI that is open: queries meet each kill. */
const LOOK_EVERY_MS = 100;

/** Rejects when the run asks people something. Never resolves before the run is over. */
async function unlessAsked(run: GoLiveRun, over: () => boolean): Promise<void> {
  while (!over()) {
    await pause(LOOK_EVERY_MS);
    const asked = await run.questions();
    if (asked.length > 0)
      throw new Error(
        `expected no question from ${run.input.release}, whose worker was killed; it asks: ${asked.join(' / ')}`,
      );
  }
}
