import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import type { RunSeen } from '../domain/run-fault.js';
import { readInput, readRemembered } from './left-with-server.js';
import { readRecent } from './recent-history.js';

/** The newest run under a workflow ID, as the server shows it. */
export interface SeenRun extends RunSeen {
  readonly runId: string;
}

/** Looks at a run without asking it. One call while all is well, some more when it is over or its workflow task comes again. */
export async function seeRun(client: Client, workflowId: string): Promise<SeenRun> {
  const { runId, status, memo, raw } = await client.workflow.getHandle(workflowId).describe();
  const task = waitingTask(raw);
  const remembered = readRemembered(memo);
  const seen: SeenRun = { workflowId, runId, state: status.name, task, remembered };
  if (status.name === 'COMPLETED' || (status.name === 'RUNNING' && (task?.attempt ?? 0) <= 1)) return seen;
  const [input, { taskFailure, failure }] = await Promise.all([
    readInput(client, workflowId, runId),
    readRecent(client, workflowId, runId),
  ]);
  return { ...seen, input, taskFailure, failure };
}

/** The workflow task that waits for a worker or is with one. */
export function waitingTask({ pendingWorkflowTask }: WorkflowExecutionDescription['raw']): RunSeen['task'] {
  if (!pendingWorkflowTask) return undefined;
  const { attempt, originalScheduledTime, scheduledTime } = pendingWorkflowTask;
  const since = Number((originalScheduledTime ?? scheduledTime)?.seconds ?? 0) * 1_000;
  return { attempt: attempt ?? 1, since };
}
