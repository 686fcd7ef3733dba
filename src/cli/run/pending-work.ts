import type { WorkflowExecutionDescription } from '@temporalio/client';
import { innermost } from '../../temporal/recent-history.js';
import { iso } from '../../temporal/timestamp.js';
import { firstValue, number, object, text } from '../../temporal/shape.js';
import type { PendingWork } from './run-view.js';

const STARTED = 2;
const CANCEL_REQUESTED = 3;

/** The activities a run waits for, as the server sees them. */
export function pendingWork(
  raw: WorkflowExecutionDescription['raw'],
  queueOf: ReadonlyMap<string, string>,
): PendingWork[] {
  return (raw.pendingActivities ?? []).map((each) => {
    const queue = queueOf.get(each.activityId ?? '');
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

/** What a command's heartbeats tell; those of other activities are none of it. */
const commandProgress = object({ step: text, generation: number, lastLine: text });
