import type { Client } from '@temporalio/client';

const EVENTS_A_PAGE = 200;
const PAGES = 3;

/** What the newest part of a run's history says that nothing else does. */
export interface Recent {
  /** Task queue by activity ID. */
  readonly queueOf: ReadonlyMap<string, string>;
  /** The failure of the newest workflow task, when it has failed. */
  readonly taskFailure?: string;
}

/** Reads the history from its end, a few pages at most. */
export async function readRecent(client: Client, workflowId: string, runId: string): Promise<Recent> {
  const queueOf = new Map<string, string>();
  let taskFailure: string | undefined;
  let tasksSeen = false;
  let nextPageToken: Uint8Array | undefined;
  for (let page = 0; page < PAGES; page += 1) {
    const answer = await client.workflowService.getWorkflowExecutionHistoryReverse({
      namespace: client.options.namespace,
      execution: { workflowId, runId },
      maximumPageSize: EVENTS_A_PAGE,
      ...(nextPageToken ? { nextPageToken } : {}),
    });
    for (const event of answer.history?.events ?? []) {
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
  return { queueOf, ...(taskFailure === undefined ? {} : { taskFailure }) };
}
