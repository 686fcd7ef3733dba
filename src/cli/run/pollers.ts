import type { Client } from '@temporalio/client';
import { allSettled } from './all-settled.js';
import { iso } from './pending-work.js';
import type { Queue } from './run-view.js';

const WORKFLOW = 1;
const ACTIVITY = 2;

/**
 * Who asks for work on task queues: on the first one, the workflow's, who runs workflows; on the others who runs activities. The server forgets a
 * worker that has died only after minutes, so each comes with the time it last asked.
 */
export async function pollersOf(client: Client, namespace: string, queues: readonly string[]): Promise<Queue[]> {
  return await allSettled(
    queues.map(async (name, index) => {
      const { pollers } = await client.workflowService.describeTaskQueue({
        namespace,
        taskQueue: { name },
        taskQueueType: index === 0 ? WORKFLOW : ACTIVITY,
      });
      return {
        name,
        pollers: (pollers ?? []).map(({ identity, lastAccessTime }) => {
          const lastAsked = iso(lastAccessTime);
          return { identity: identity ?? 'unknown', ...(lastAsked === undefined ? {} : { lastAsked }) };
        }),
      };
    }),
  );
}
