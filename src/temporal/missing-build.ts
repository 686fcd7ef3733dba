import { moveCommand, setCurrentCommand } from './deployment.js';
import { asking, type QueueBuilds } from './queue-builds.js';
import { takersOf, type RunBuild } from './run-build.js';

/** Why none of the workers that poll takes a run, and what to do about it. */
export interface MissingBuild {
  /** Goes on after a colon. */
  readonly why: string;
  /** One sentence each, with the command to paste. */
  readonly todo: readonly string[];
}

/**
 * Says why workers poll and none of them takes a run. Nothing when one does, and nothing when nobody polls at all, which has nothing to do with builds.
 * @param run where its next workflow task goes; without a workflow ID: any run that is started now
 * @param now epoch milliseconds
 */
export function missingBuild(
  run: Pick<RunBuild, 'behavior' | 'next'> & { readonly workflowId?: string },
  queue: QueueBuilds,
  now: number,
): MissingBuild | undefined {
  const polling = asking(queue.pollers, now);
  if (polling.length === 0 || takersOf(run.next, polling, now).length > 0) return undefined;
  const { next, behavior, workflowId } = run;
  const builds = new Set(polling.flatMap(({ versioned, build }) => (versioned && build ? [build] : [])));
  // Of several the one that new runs go to.
  const other = queue.current !== undefined && builds.has(queue.current) ? queue.current : [...builds].at(-1);
  const start = `Start a worker of it, where that version of golive is installed: golive worker --versioning.`;
  if (behavior === 'pinned' && next !== undefined) {
    return {
      why: `it is pinned to build ${next}, and no worker of that build polls`,
      todo: [
        start,
        ...(workflowId === undefined || other === undefined
          ? []
          : [
              `Or move it to build ${other}, which polls; docs/upgrading.md says when that is safe: ${moveCommand(workflowId, queue.name, other)}`,
            ]),
      ],
    };
  }
  if (next !== undefined) {
    return {
      why: `runs that aren't pinned go to build ${next}, the current one, and no worker of that build polls`,
      todo: [
        start,
        other === undefined
          ? `Or let workers without versioning have them, which poll: ${setCurrentCommand(queue.name, undefined)}`
          : `Or make build ${other} current, which polls: ${setCurrentCommand(queue.name, other)}`,
      ],
    };
  }
  return {
    why: 'no build is current, and all workers that poll run with versioning',
    todo: [`Make one current: ${setCurrentCommand(queue.name, other)}`],
  };
}
