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

/**
 * Kills a site's worker with -9, twice at each of some seeded random places along a run, each time with a new one at once. Of a run that is taken back the last
 * place is in its rollback, and `turn` is what makes it roll back, if anything does, after the places before. Returns how often, when the run is over.
 */
export async function killAlong(
  site: EndToEnd,
  run: GoLiveRun,
  seed: number,
  places: number,
  {
    takenBack,
    lines = LINES,
    turn,
  }: { readonly takenBack: boolean; readonly lines?: number; readonly turn?: () => Promise<void> },
): Promise<number> {
  const next = seededNumbers(seed);
  const waits = () => [next() * LONGEST_WAIT_MS, next() * LONGEST_LIFE_MS];
  const forward = Array.from({ length: takenBack ? places - 1 : places }, () => ({
    line: Math.floor(next() * lines),
    waits: waits(),
  })).sort((a, b) => a.line - b.line);
  let over = false;
  // A kill of the worker is no reason to ask people anything: a question is a fault, and nobody here would answer it.
  const watch = unlessAsked(run, () => over);
  const result = Promise.race([run.result(), watch]).finally(() => (over = true));
  result.catch(() => undefined); // looked at in the end
  let kills = 0;
  const killTwice = async (waits: readonly number[], isThere: () => Promise<boolean>) => {
    while (!over && !(await isThere())) await pause(20);
    for (const wait of waits) {
      await pause(wait);
      if (over) break;
      await site.replaceWorker();
      kills += 1;
    }
  };
  try {
    for (const { line, waits } of forward)
      await killTwice(waits, async () => {
        const [lines, rollsBack] = await Promise.all([run.linesRecorded(), takenBack && run.rollsBack()]);
        return lines >= line || rollsBack;
      });
    await turn?.();
    if (takenBack) await killTwice(waits(), () => run.rollsBack());
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
