import type { Client } from '@temporalio/client';
import type { GoLiveStatus } from '../../domain/run/status.js';
import { workflowIdOf } from '../../domain/run/workflow-id.js';
import { statusQuery } from '../../workflows/people/messages.js';
import { CliError } from '../exit/cli-error.js';
import { EXIT } from '../exit/exit-codes.js';
import type { FoundServer } from '../server/find-server.js';
import { ANSWER_MS, describeRun } from '../run/look-at-run.js';
import { endedBefore } from './ended-before.js';
import type { Sent } from './sent.js';
import {
  ApplicationFailure,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '../../temporal/sdk.js';

const TAKEN_MS = 10_000;

/** The status of the open go-live of an environment. Asked first also to know that a worker is there: an update is never left with the server to be taken at some later time. */
export async function statusBefore(
  client: Client,
  environment: string,
  server: FoundServer,
  sent: Sent,
): Promise<{ status: GoLiveStatus; runId: string }> {
  const workflowId = workflowIdOf({ environment });
  const { what, verb } = sent;
  const { status, runId } = await describeRun(client, workflowId, server);
  if (!['RUNNING', 'PAUSED'].includes(status.name)) throw await endedBefore(client, { workflowId, runId }, sent);
  try {
    return {
      status: await client.withDeadline(Date.now() + ANSWER_MS, () =>
        client.workflow.getHandle(workflowId, runId).query(statusQuery),
      ),
      runId,
    };
  } catch (error) {
    throw new CliError(
      EXIT.noWorker,
      `No worker answers, so the ${what} was not sent. See what is missing with golive status ${environment}, start a worker (golive worker, or golive up), then ${verb} again.`,
      { cause: error },
    );
  }
}

/** Sends an update and returns its answer. Throws a {@link CliError} with the workflow's own sentence when it is refused. */
export async function sendUpdate(
  client: Client,
  environment: string,
  update: { readonly name: string },
  payload: object,
  sent: Sent,
): Promise<string> {
  const { what, verb } = sent;
  const workflowId = workflowIdOf({ environment });
  try {
    return await client.withDeadline(Date.now() + TAKEN_MS, () =>
      client.workflow.getHandle(workflowId).executeUpdate<string, [object]>(update.name, { args: [payload] }),
    );
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) {
      const why =
        error.cause instanceof ApplicationFailure ? error.cause.message : (error.cause?.message ?? error.message);
      throw new CliError(EXIT.refused, `Refused: ${why}`, { cause: error });
    }
    if (error instanceof WorkflowNotFoundError) throw await endedBefore(client, { workflowId }, sent);
    if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) {
      throw new CliError(
        EXIT.noWorker,
        `No worker took the ${what} within ${TAKEN_MS / 1_000} s. It may still take effect; check with golive status ${environment}, and ${verb} again if it did not.`,
        { cause: error },
      );
    }
    throw error;
  }
}
