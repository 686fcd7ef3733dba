import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GoLiveHandle } from './workflow-lab.js';

/** An update that the server has and no worker has seen yet. What comes after it comes after it there, too. */
export async function updateOnItsWay<Answer>(
  handle: GoLiveHandle,
  name: string,
  said: object,
): Promise<{ answer: Promise<Answer> }> {
  const updateId = randomUUID();
  const answer = handle.executeUpdate<Answer, [object]>(name, { args: [said], updateId });
  answer.catch(() => undefined); // whoever waits for it hears of it
  const { connection, workflowService, options } = handle.client;
  const isThere = () =>
    connection
      .withDeadline(Date.now() + 2_000, () =>
        workflowService.pollWorkflowExecutionUpdate({
          namespace: options.namespace,
          updateRef: { workflowExecution: { workflowId: handle.workflowId }, updateId },
          waitPolicy: {},
        }),
      )
      .then(
        () => true,
        () => false,
      );
  for (let tries = 0; !(await isThere()); tries += 1) {
    if (tries > 500) throw new Error(`The update ${name} never came to the server.`);
    await sleep(10);
  }
  return { answer };
}
