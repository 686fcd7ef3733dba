import type { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';

const EVENTS_A_PAGE = 200;
const PAGES = 3;

/** What the newest part of a run's history says that nothing else does. */
export interface Recent {
  /** Task queue by activity ID. */
  readonly queueOf: ReadonlyMap<string, string>;
  /** The failure of the newest workflow task, when it has failed. */
  readonly taskFailure?: string;
  /** Why a run that is over has no result. */
  readonly failure?: { readonly type?: string; readonly why: string };
}

type Event = temporal.api.history.v1.IHistoryEvent;
type Failure = temporal.api.failure.v1.IFailure | null | undefined;

/** What really happened, under Temporal's wrapping. */
export function innermost(failure: Failure): Failure {
  let inner = failure;
  while (inner?.cause) inner = inner.cause;
  return inner;
}

/** Reads the history from its end, a few pages at most. */
export async function readRecent(client: Client, workflowId: string, runId: string): Promise<Recent> {
  const queueOf = new Map<string, string>();
  let taskFailure: string | undefined;
  let failure: Recent['failure'];
  let tasksSeen = false;
  let nextPageToken: Uint8Array | undefined;
  for (let page = 0; page < PAGES; page += 1) {
    const answer = await client.workflowService.getWorkflowExecutionHistoryReverse({
      namespace: client.options.namespace,
      execution: { workflowId, runId },
      maximumPageSize: EVENTS_A_PAGE,
      ...(nextPageToken ? { nextPageToken } : {}),
    });
    const events = answer.history?.events ?? [];
    if (page === 0) failure = endWithoutResult(events[0]);
    for (const event of events) {
      const scheduled = event.activityTaskScheduledEventAttributes;
      if (scheduled?.activityId && scheduled.taskQueue?.name)
        queueOf.set(scheduled.activityId, scheduled.taskQueue.name);
      if (!tasksSeen && (event.workflowTaskCompletedEventAttributes || event.workflowTaskFailedEventAttributes)) {
        tasksSeen = true;
        taskFailure = event.workflowTaskFailedEventAttributes?.failure?.message ?? undefined;
      }
    }
    if (!answer.nextPageToken?.length) break;
    nextPageToken = answer.nextPageToken;
  }
  return {
    queueOf,
    ...(taskFailure === undefined ? {} : { taskFailure }),
    ...(failure === undefined ? {} : { failure }),
  };
}

/** What the last event of a run says of its end, when that is none with a result. */
function endWithoutResult(last: Event | undefined): Recent['failure'] {
  if (last?.workflowExecutionFailedEventAttributes) {
    const inner = innermost(last.workflowExecutionFailedEventAttributes.failure);
    const type = inner?.applicationFailureInfo?.type;
    return { ...(type ? { type } : {}), why: inner?.message || 'no reason was given' };
  }
  const terminated = last?.workflowExecutionTerminatedEventAttributes;
  if (terminated)
    return { why: `${terminated.reason || 'no reason was given'}, by ${terminated.identity || 'nobody known'}` };
  return last?.workflowExecutionTimedOutEventAttributes ? { why: 'the server has cut it off' } : undefined;
}
