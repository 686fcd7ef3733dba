import type { Workshops } from '../jest/workshops.js';

/** What a jest worker offers the test files that run in it (see test/jest/environment.ts). */
export interface OfJestWorker {
  workshops(): Promise<Workshops>;
  /** What is done when the test that runs is over, whatever became of it. */
  readonly endings: (() => Promise<void>)[];
}

const offered = (): OfJestWorker | undefined => (globalThis as { golive?: OfJestWorker }).golive;

/** The workshops of this process; outside of jest, where histories are recorded, they are this file's own. */
export async function workshops(): Promise<Workshops> {
  return (await offered()?.workshops()) ?? (await import('../jest/workshops.js')).workshops();
}

/** Does something when the test that runs is over. What is asked for outside of a test is done by whoever asks. */
export function atTheEndOfTheTest(ending: () => Promise<void>): void {
  const { expect } = globalThis as { expect?: { getState(): { currentTestName?: string } } };
  if (expect?.getState().currentTestName !== undefined) offered()?.endings.push(ending);
}
