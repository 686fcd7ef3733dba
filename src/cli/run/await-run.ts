import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import type { FoundServer } from '../server/found-server.js';
import { findRun } from './look-at-run.js';
import { neverComes } from './no-go-live.js';

const LOOK_EVERY_MS = 1_000;

/**
 * The newest run under this workflow ID, once there is one that is wanted. Throws a {@link CliError} that says what there is when none will come, for nobody knows the environment.
 * @param waits told once, when there is none yet
 */
export async function awaitRun(
  client: Client,
  workflowId: string,
  server: FoundServer,
  waits: () => void,
  wanted: (run: WorkflowExecutionDescription) => boolean = () => true,
): Promise<WorkflowExecutionDescription> {
  for (let told = false; ; told = true) {
    const run = await findRun(client, workflowId);
    if (run && wanted(run)) return run;
    if (!told) {
      const never = run ? undefined : await neverComes(client, workflowId, server);
      if (never) throw never;
      waits();
    }
    await sleep(LOOK_EVERY_MS);
  }
}
