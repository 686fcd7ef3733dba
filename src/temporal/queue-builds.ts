import type { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import { iso } from './timestamp.js';
import { proto } from './sdk.js';

const { TaskQueueType, WorkerVersioningMode } = proto.temporal.api.enums.v1;

/** A worker that asks for work on a task queue. */
export interface Poller {
  readonly identity: string;
  /** ISO. */
  readonly lastAsked?: string;
  /** Its build ID, where the server tells it. */
  readonly build?: string;
  /** It runs with versioning: the server gives it only runs of its build. */
  readonly versioned?: true;
}

/** Who asks for work on a task queue, and which build new runs go to. */
export interface QueueBuilds {
  readonly name: string;
  readonly pollers: readonly Poller[];
  /** The build that new runs and runs that aren't pinned go to; missing when that is workers without versioning. */
  readonly current?: string;
}

/** A long poll lasts a minute at most: who hasn't asked anew for longer than this doesn't ask any more. */
export const ASKS_WITHIN_MS = 70_000;

/** Those of the pollers that ask for work now, as far as the server knows: it names one that has died for some minutes more. `now` in epoch milliseconds. */
export function asking<P extends Poller>(pollers: readonly P[], now: number): P[] {
  return pollers.filter(({ lastAsked }) => lastAsked !== undefined && now - Date.parse(lastAsked) < ASKS_WITHIN_MS);
}

/** When the last of the pollers asked for work, ISO; undefined without any. */
export const lastAsked = (pollers: readonly Poller[]): string | undefined =>
  pollers
    .flatMap((each) => each.lastAsked ?? [])
    .sort()
    .at(-1);

/** Asks the server who polls a task queue, for workflows or for activities. One call. */
export async function queueBuilds(
  client: Client,
  namespace: string,
  name: string,
  kind: 'workflows' | 'activities',
): Promise<QueueBuilds> {
  const { pollers, versioningInfo } = await client.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name },
    taskQueueType: TaskQueueType[kind === 'workflows' ? 'TASK_QUEUE_TYPE_WORKFLOW' : 'TASK_QUEUE_TYPE_ACTIVITY'],
  });
  const current = versioningInfo?.currentDeploymentVersion?.buildId;
  return { name, pollers: (pollers ?? []).map(pollerOf), ...(current ? { current } : {}) };
}

function pollerOf({
  identity,
  lastAccessTime,
  deploymentOptions,
  workerVersionCapabilities,
}: temporal.api.taskqueue.v1.IPollerInfo): Poller {
  const lastAsked = iso(lastAccessTime);
  const build = deploymentOptions?.buildId || workerVersionCapabilities?.buildId;
  return {
    identity: identity ?? 'unknown',
    ...(lastAsked === undefined ? {} : { lastAsked }),
    ...(build ? { build } : {}),
    ...(deploymentOptions?.workerVersioningMode === WorkerVersioningMode.WORKER_VERSIONING_MODE_VERSIONED
      ? { versioned: true }
      : {}),
  };
}
