import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import type { RunSeen } from '../domain/run/run-fault.js';
import { readInput, readRemembered } from './left-with-server.js';
import { readRecent } from './recent-history.js';

/** The newest run under a workflow ID, as the server shows it. */
export interface SeenRun extends RunSeen {
  readonly runId: string;
}

/** Looks at a run without asking it, the newest under its ID or this one. One call while all is well, some more when it is over or its workflow task waits. */
export async function seeRun(client: Client, workflowId: string, which?: string): Promise<SeenRun> {
  const { runId, status, memo, raw } = await client.workflow.getHandle(workflowId, which).describe();
  const task = waitingTask(raw);
  const remembered = readRemembered(memo);
  const seen: SeenRun = { workflowId, runId, state: status.name, task, remembered };
  if (status.name === 'COMPLETED' || (status.name === 'RUNNING' && task === undefined)) return seen;
  const [input, { taskFailure, failing, failure }] = await Promise.all([
    readInput(client, workflowId, runId),
    readRecent(client, workflowId, runId),
  ]);
  return { ...seen, input, taskFailure, failing, failure };
}

/** The workflow task that waits for a worker or is with one. The server counts its tries anew when something comes for the run meanwhile. */
export const waitingTask = ({ pendingWorkflowTask }: WorkflowExecutionDescription['raw']): RunSeen['task'] =>
  pendingWorkflowTask ? { attempt: pendingWorkflowTask.attempt ?? 1 } : undefined;
