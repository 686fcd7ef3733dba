import type { WorkflowExecutionDescription } from '@temporalio/client';
import { innermost } from '../../temporal/recent-history.js';
import { iso } from '../../temporal/timestamp.js';
import { firstValue, number, object, text } from '../../temporal/shape.js';
import type { PendingWork } from './run-view.js';

type Pending = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

const STARTED = 2;
const CANCEL_REQUESTED = 3;

/** The activities a run waits for, as the server sees them. @param queueOf task queue by activity ID, as its history has it, for a server that doesn't tell */
export function pendingWork(
  raw: WorkflowExecutionDescription['raw'],
  queueOf?: ReadonlyMap<string, string>,
): PendingWork[] {
  return (raw.pendingActivities ?? []).map((each) => {
    const queue = queueIn(each) ?? queueOf?.get(each.activityId ?? '');
    const since = iso(each.lastStartedTime) ?? iso(each.scheduledTime);
    const lastHeartbeat = iso(each.lastHeartbeatTime);
    const progress = commandProgress(firstValue(each.heartbeatDetails));
    const lastFailure = innermost(each.lastFailure)?.message || undefined;
    return {
      activity: each.activityType?.name ?? 'unknown',
      ...(queue === undefined ? {} : { queue }),
      state:
        Number(each.state) === STARTED
          ? 'running'
          : Number(each.state) === CANCEL_REQUESTED
            ? 'being cancelled'
            : 'waiting for a worker',
      attempt: each.attempt ?? 1,
      ...(since === undefined ? {} : { since }),
      ...(lastHeartbeat === undefined ? {} : { lastHeartbeat }),
      ...(each.lastWorkerIdentity ? { worker: each.lastWorkerIdentity } : {}),
      ...(lastFailure === undefined ? {} : { lastFailure }),
      ...(progress === undefined ? {} : { progress }),
    };
  });
}

/** The task queues that they wait on; undefined where the server doesn't tell them all. */
export function pendingQueues({ pendingActivities }: WorkflowExecutionDescription['raw']): string[] | undefined {
  const queues = (pendingActivities ?? []).map(queueIn);
  return queues.every((each) => each !== undefined) ? queues : undefined;
}

const queueIn = ({ activityOptions }: Pending): string | undefined => activityOptions?.taskQueue?.name || undefined;

/** What a command's heartbeats tell; those of other activities are none of it. */
const commandProgress = object({ step: text, generation: number, lastLine: text });
