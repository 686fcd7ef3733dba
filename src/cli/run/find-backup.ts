import type { Client } from '@temporalio/client';
import type { GoLiveInput } from '../../domain/run/input.js';
import { WORKFLOW_TYPE, workflowIdOf } from '../../domain/run/workflow-id.js';
import { shortIso } from '../../domain/time/iso.js';
import { readRemembered } from '../../temporal/left-with-server.js';

/** So many runs of the environment that have ended are looked through, the newest first. */
const MOST_RUNS = 50;
/** A rollback waits no longer for what is only about a restore after it. */
const WITHIN_MS = 5_000;

export interface FoundBackup {
  /** As `rollback.manifest` of the input. */
  readonly manifest: string;
  /** When the run that names it was started, ISO. */
  readonly startedAt: string;
}

/**
 * The backup that was made before this release was deployed, as the newest run of it has left it with the server. Never throws and waits for 5 s at most:
 * when there is none it says why.
 */
export async function findBackup(
  client: Client,
  { environment, release }: Pick<GoLiveInput, 'environment' | 'release'>,
): Promise<FoundBackup | { readonly none: string }> {
  const query = `WorkflowType = '${WORKFLOW_TYPE}' AND WorkflowId = '${workflowIdOf({ environment })}' AND ExecutionStatus != 'Running' AND ExecutionStatus != 'ContinuedAsNew'`;
  try {
    return await client.withDeadline(Date.now() + WITHIN_MS, async () => {
      let seen = 0;
      for await (const { memo, startTime } of client.workflow.list({ query, pageSize: MOST_RUNS })) {
        const known = readRemembered(memo);
        if (known?.release === release && known.backup !== undefined)
          return { manifest: known.backup, startedAt: startTime.toISOString() };
        seen += 1;
        if (seen >= MOST_RUNS) break;
      }
      return {
        none: `none of the last ${seen} runs in ${environment} has deployed ${release} and says where its backup is`,
      };
    });
  } catch (error) {
    return { none: `the server could not be asked (${(error as Error).message})` };
  }
}

/** The start of a rollback with that backup, unless one is named; and what to tell about it. Finding one says nothing of the data: that they can be wrong people say. */
export async function withBackup(
  client: Client,
  input: GoLiveInput,
): Promise<{ readonly input: GoLiveInput; readonly told?: string }> {
  const { rollback, release } = input;
  if (!rollback || rollback.manifest !== undefined) return { input };
  const found = await findBackup(client, input);
  if ('none' in found)
    return {
      input,
      told: `No backup for a restore was found: ${found.none}. Without one no restore is proposed. To name it, as backup_create printed it: --manifest PATH.`,
    };
  return {
    input: { ...input, rollback: { data: false, ...rollback, manifest: found.manifest } },
    told: `The backup, should the data be wrong: ${found.manifest}, by the run of ${release} that began at ${shortIso(found.startedAt)}. To name another one: --manifest PATH.`,
  };
}
