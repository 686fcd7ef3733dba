/** What a run's modules would keep, were they its own. */
interface OfThisRun {
  /** The number of its next record. */
  next: number;
  /** The number of the segment of watching that it asked for last. */
  segment: number;
  /** Where it is, and once it is stopped, by whom and why: what the summaries in the UI say besides. */
  where: string;
  because?: string | undefined;
}

const globals = globalThis as { golive?: OfThisRun };

/** Kept at the global object, which each run has to itself: modules are loaded once for all runs of a worker (`build-workflow-bundle.ts`). */
export const ofThisRun = (): OfThisRun => (globals.golive ??= { next: 0, segment: 0, where: '' });
