import type { Client } from '@temporalio/client';
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
  const taskAttempt = raw.pendingWorkflowTask?.attempt ?? 0;
  const remembered = readRemembered(memo);
  const seen: SeenRun = { workflowId, runId, state: status.name, taskAttempt, remembered };
  if (status.name === 'COMPLETED' || (status.name === 'RUNNING' && taskAttempt <= 1)) return seen;
  const [input, { taskFailure, failure }] = await Promise.all([
    readInput(client, workflowId, runId),
    readRecent(client, workflowId, runId),
  ]);
  return { ...seen, input, taskFailure, failure };
}
