import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { beginsAt } from '../../temporal/begins-at.js';
import { readRemembered } from '../../temporal/left-with-server.js';
import { asking } from '../../temporal/queue-builds.js';
import type { FoundServer } from '../server/found-server.js';
import { oneLine } from '../terminal/terminal-text.js';
import { ANSWER_MS } from './look-at-run.js';
import { pollersOf } from './pollers.js';

/** What is being followed, as the server knows it before any worker has answered; and that none is there to answer. */
export async function followed(
  client: Client,
  { target }: FoundServer,
  run: WorkflowExecutionDescription,
): Promise<string> {
  const { memo, workflowId, runId, taskQueue, status } = run;
  const { release = '?', previousRelease = '?', phase = 'not begun', holds = [] } = readRemembered(memo) ?? {};
  const questions = holds.length === 0 ? '' : ` Open questions: ${holds.map(({ id }) => id).join(', ')}.`;
  const [queue] =
    status.name !== 'RUNNING' || beginsAt(run) !== undefined
      ? []
      : await client
          .withDeadline(Date.now() + ANSWER_MS, () => pollersOf(client, target.namespace, taskQueue))
          .catch(() => []); // what follows tells of a server that is away
  const alone =
    queue && asking(queue.pollers, Date.now()).length === 0
      ? ` No worker polls ${taskQueue}: nothing more is known and nothing goes on until one is back: golive worker (or golive up).`
      : '';
  return oneLine(
    `Following ${workflowId}, run ${runId}: ${release} ← ${previousRelease}, ${phase}.${questions}${alone}`,
  );
}
