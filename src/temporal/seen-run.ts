import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import type { RunOnQueue } from './fault-of-run.js';
import { readInput, readRemembered } from './left-with-server.js';
import type { QueueBuilds } from './queue-builds.js';
import { readRecent } from './recent-history.js';
import { runBuild } from './run-build.js';

/** The newest run under a workflow ID, as the server shows it. */
export interface SeenRun extends RunOnQueue {
  readonly runId: string;
}

/**
 * Looks at a run without asking it, the newest under its ID or this one. One call while all is well, some more when it is over or its workflow task waits.
 * @param queue who polls its task queue, where that is known
 */
export async function seeRun(
  client: Client,
  workflowId: string,
  which?: string,
  queue?: QueueBuilds,
): Promise<SeenRun> {
  const { runId, status, memo, raw } = await client.workflow.getHandle(workflowId, which).describe();
  const task = waitingTask(raw);
  const remembered = readRemembered(memo);
  const build = queue && runBuild(raw, queue, Date.now());
  const seen: SeenRun = { workflowId, runId, state: status.name, task, remembered, build, queue };
  if (status.name === 'COMPLETED' || (status.name === 'RUNNING' && task === undefined)) return seen;
  const [input, { taskFailure, failing, failure }] = await Promise.all([
    readInput(client, workflowId, runId),
    readRecent(client, workflowId, runId),
  ]);
  return { ...seen, input, taskFailure, failing, failure };
}

/** The workflow task that waits for a worker or is with one. The server counts its tries anew when something comes for the run meanwhile. */
export const waitingTask = ({ pendingWorkflowTask }: WorkflowExecutionDescription['raw']): RunOnQueue['task'] =>
  pendingWorkflowTask ? { attempt: pendingWorkflowTask.attempt ?? 1 } : undefined;
