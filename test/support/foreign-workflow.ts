import { setTimeout as sleep } from 'node:timers/promises';
import { defaultPayloadConverter } from '@temporalio/common';
import { msToTs } from '@temporalio/common/lib/time.js';
import type { Client } from '@temporalio/client';
import { temporal } from '@temporalio/proto';

const { COMMAND_TYPE_SCHEDULE_ACTIVITY_TASK } = temporal.api.enums.v1.CommandType;

/**
 * A workflow of somebody else's worker, spoken by hand: it asks for each activity on its queue, once.
 * @returns how each has failed; it is terminated then
 */
export async function askAsWorkflow(
  client: Client,
  { type, workflowId }: { type: string; workflowId: string },
  activities: readonly (readonly [queue: string, activity: string])[],
  input: object,
): Promise<string[]> {
  const taskQueue = `foreign-${workflowId}-${type}`;
  const handle = await client.workflow.start(type, { taskQueue, workflowId });
  const { namespace } = client.options;
  const { taskToken } = await client.withDeadline(Date.now() + 30_000, () =>
    client.workflowService.pollWorkflowTaskQueue({ namespace, taskQueue: { name: taskQueue } }),
  );
  const timeout = msToTs('20s');
  await client.workflowService.respondWorkflowTaskCompleted({
    taskToken,
    namespace,
    commands: activities.map(([queue, name], number) => ({
      commandType: COMMAND_TYPE_SCHEDULE_ACTIVITY_TASK,
      scheduleActivityTaskCommandAttributes: {
        activityId: `${number}`,
        activityType: { name },
        taskQueue: { name: queue },
        input: { payloads: [defaultPayloadConverter.toPayload(input)] },
        startToCloseTimeout: timeout,
        scheduleToCloseTimeout: timeout,
        retryPolicy: { maximumAttempts: 1 },
      },
    })),
  });
  try {
    for (;;) {
      const { events } = await handle.fetchHistory();
      const ended = (events ?? []).flatMap((event) => {
        if (event.activityTaskCompletedEventAttributes) return 'it was done';
        if (event.activityTaskTimedOutEventAttributes) return 'it timed out';
        return event.activityTaskFailedEventAttributes?.failure?.message ?? [];
      });
      if (ended.length >= activities.length) return ended;
      await sleep(50);
    }
  } finally {
    await handle.terminate('its test is over');
  }
}
