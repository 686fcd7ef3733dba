import type { Client } from '@temporalio/client';
import { queueBuilds } from '../../temporal/queue-builds.js';
import { allSettled } from './all-settled.js';
import type { Queue } from './run-view.js';

/**
 * Who asks for work on task queues: on the workflow's who runs workflows; on the others who runs activities. The server forgets a
 * worker that has died only after minutes, so each comes with the time it last asked.
 */
export async function pollersOf(
  client: Client,
  namespace: string,
  ofWorkflow: string,
  queues: readonly string[] = [ofWorkflow],
): Promise<Queue[]> {
  return await allSettled(
    queues.map((name) => queueBuilds(client, namespace, name, name === ofWorkflow ? 'workflows' : 'activities')),
  );
}
