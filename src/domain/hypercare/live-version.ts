/** What the fresh connections of one look were answered: how many had each version, and how many had none, by why. */
export interface LiveVersions {
  readonly versions: Readonly<Record<string, number>>;
  readonly without: Readonly<Record<string, number>>;
}

/** "RC.3 ×27, RC.2 ×3" */
export function tally(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([answer, count]) => `${answer} ×${count}`)
    .join(', ');
}

/** Everything that was answered, in one line. */
export const liveText = ({ versions, without }: LiveVersions): string => tally({ ...versions, ...without });

/** Versions that are neither of the two releases: somebody else has deployed them. */
export function foreignVersions(
  { versions }: LiveVersions,
  { release, previousRelease }: { release: string; previousRelease: string },
): string[] {
  return Object.keys(versions).filter((version) => version !== release && version !== previousRelease);
}

/** Whether every answer was this release. */
export const isOnly = ({ versions, without }: LiveVersions, release: string): boolean =>
  Object.keys(without).length === 0 && Object.keys(versions).length === 1 && release in versions;
