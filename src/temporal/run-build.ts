import type { WorkflowExecutionDescription } from '@temporalio/client';
import { asking, lastAsked, type Poller, type QueueBuilds } from './queue-builds.js';
import { proto } from './sdk.js';

const { VersioningBehavior } = proto.temporal.api.enums.v1;

/** On which build of golive a run is, and whether a worker takes it from here. */
export interface RunBuild {
  /** The build that has decided last; missing while none has, or on a server that doesn't tell. */
  readonly id?: string;
  /** `pinned`: it stays on its build until it is moved. `auto-upgrade`: it goes on with the current one. `unversioned`: any worker without versioning takes it. */
  readonly behavior: 'unversioned' | 'pinned' | 'auto-upgrade';
  /** The build whose workers its next workflow task goes to; missing when these are workers without versioning. */
  readonly next?: string;
  /** How many workers that can take it asked for work in the last 70 s: the server names one that has died for minutes more. */
  readonly workers: number;
  /** When one of these, or of those before, was seen last, ISO. */
  readonly seen?: string;
}

/** As the server describes a run, or lists it. */
type Description = Pick<WorkflowExecutionDescription['raw'], 'workflowExecutionInfo'>;

/** Reads the build of a run off its description and its workflow's task queue. `now` in epoch milliseconds. */
export function runBuild(description: Description, queue: QueueBuilds | undefined, now: number): RunBuild {
  const info = description.workflowExecutionInfo;
  const versioning = info?.versioningInfo;
  const override = versioning?.versioningOverride;
  const base = versioning?.deploymentVersion?.buildId || undefined;
  const id = base ?? (info?.mostRecentWorkerVersionStamp?.buildId || undefined);
  const pinnedTo =
    override?.pinned?.version?.buildId ?? override?.oneTime?.targetDeploymentVersion?.buildId ?? undefined;
  const behavior =
    pinnedTo !== undefined
      ? 'pinned'
      : override?.autoUpgrade
        ? 'auto-upgrade'
        : versioning?.behavior === VersioningBehavior.VERSIONING_BEHAVIOR_PINNED
          ? 'pinned'
          : versioning?.behavior === VersioningBehavior.VERSIONING_BEHAVIOR_AUTO_UPGRADE
            ? 'auto-upgrade'
            : 'unversioned';
  const next = behavior === 'pinned' ? (pinnedTo ?? base) : queue?.current;
  const takers = (queue?.pollers ?? []).filter(takes(next));
  const seen = lastAsked(takers);
  return {
    ...(id === undefined ? {} : { id }),
    behavior,
    ...(next === undefined ? {} : { next }),
    workers: asking(takers, now).length,
    ...(seen === undefined ? {} : { seen }),
  };
}

/** The workers that take runs of a build, or, without one, runs that have none. */
export const takersOf = (next: string | undefined, pollers: readonly Poller[], now: number): Poller[] =>
  asking(pollers, now).filter(takes(next));

const takes =
  (next: string | undefined) =>
  ({ versioned, build }: Poller): boolean =>
    next === undefined ? versioned !== true : versioned === true && build === next;
