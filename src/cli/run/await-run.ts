import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { findRun } from './look-at-run.js';

const LOOK_EVERY_MS = 1_000;

/**
 * The newest run under this workflow ID, once there is one that is wanted.
 * @param waits told once, when there is none yet
 */
export async function awaitRun(
  client: Client,
  workflowId: string,
  waits: () => void,
  wanted: (run: WorkflowExecutionDescription) => boolean = () => true,
): Promise<WorkflowExecutionDescription> {
  for (let told = false; ; told = true) {
    const run = await findRun(client, workflowId);
    if (run && wanted(run)) return run;
    if (!told) waits();
    await sleep(LOOK_EVERY_MS);
  }
}
