import type { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import { proto } from './sdk.js';

const EVENTS_A_PAGE = 200;
const PAGES = 3;

/** What the newest part of a run's history says that nothing else does. */
export interface Recent {
  /** Task queue by activity ID. */
  readonly queueOf: ReadonlyMap<string, string>;
  /** The failure of the newest workflow task, when it has failed. */
  readonly taskFailure?: string;
  /** Since when workflow tasks fail or are lost with no completed one after them, epoch milliseconds, and how many of those are on record. */
  readonly failing?: { readonly since: number; readonly times: number };
  /** Why a run that is over has no result, and who has ended it. */
  readonly failure?: { readonly type?: string; readonly why: string; readonly by?: string };
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
  let failing: Recent['failing'];
  let completed = false;
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
      completed ||= Boolean(event.workflowTaskCompletedEventAttributes);
      if (completed || !hasFailed(event)) continue;
      taskFailure ??= event.workflowTaskFailedEventAttributes?.failure?.message ?? undefined;
      failing = { since: Number(event.eventTime?.seconds ?? 0) * 1_000, times: (failing?.times ?? 0) + 1 };
    }
    if (!answer.nextPageToken?.length) break;
    nextPageToken = answer.nextPageToken;
  }
  return {
    queueOf,
    ...(taskFailure === undefined ? {} : { taskFailure }),
    ...(failing === undefined ? {} : { failing }),
    ...(failure === undefined ? {} : { failure }),
  };
}

const { WorkflowTaskFailedCause, TimeoutType } = proto.temporal.api.enums.v1;
/** What came meanwhile, or a reset, is no fault of the run. */
const NO_FAULT: readonly unknown[] = [
  WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND,
  WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW,
];

/** A workflow task that failed, or was lost with the worker that had it. */
function hasFailed(event: Event): boolean {
  const { workflowTaskFailedEventAttributes: failed, workflowTaskTimedOutEventAttributes: lost } = event;
  return failed ? !NO_FAULT.includes(failed.cause) : lost?.timeoutType === TimeoutType.TIMEOUT_TYPE_START_TO_CLOSE;
}

/** What the last event of a run says of its end, when that is none with a result. */
function endWithoutResult(last: Event | undefined): Recent['failure'] {
  if (last?.workflowExecutionFailedEventAttributes) {
    const inner = innermost(last.workflowExecutionFailedEventAttributes.failure);
    const type = inner?.applicationFailureInfo?.type;
    return { ...(type ? { type } : {}), why: inner?.message || 'no reason was given' };
  }
  const terminated = last?.workflowExecutionTerminatedEventAttributes;
  if (terminated) {
    const by = terminated.identity || 'nobody known';
    return { why: `${terminated.reason || 'no reason was given'}, by ${by}`, by };
  }
  return last?.workflowExecutionTimedOutEventAttributes ? { why: 'the server has cut it off' } : undefined;
}
