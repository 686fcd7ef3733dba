import { ApplicationFailure } from '@temporalio/common';
import { WorkflowNotFoundError, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError, type Client } from '@temporalio/client';
import type { GoLiveStatus } from '../domain/status.js';
import { statusQuery } from '../workflows/messages.js';
import { CliError } from './cli-error.js';
import { EXIT } from './exit-codes.js';
import type { FoundServer } from './find-server.js';
import { ANSWER_MS, describeRun } from './look-at-run.js';

const TAKEN_MS = 10_000;

/** What is sent, as sentences say it: "the decision", "decide". */
export interface Sent {
  readonly what: string;
  readonly again: string;
}

/**
 * The status of an open go-live. Asked before an update also to know that a worker is there: nothing is left with the server to be taken at some later
 * time. Throws a {@link CliError} when the go-live has ended, or nobody answers.
 */
export async function statusBefore(client: Client, environment: string, workflowId: string, server: FoundServer, { what, again }: Sent): Promise<GoLiveStatus> {
  const { status, runId } = await describeRun(client, workflowId, server);
  if (status.name !== 'RUNNING') throw new CliError(EXIT.refused, `${workflowId} has ended, so there is nothing to ${again}. See how: golive status ${environment}`);
  try {
    return await client.withDeadline(Date.now() + ANSWER_MS, () => client.workflow.getHandle(workflowId, runId).query(statusQuery));
  } catch (error) {
    throw new CliError(EXIT.noWorker, `No worker answers, so ${what} was not sent. See what is missing with golive status ${environment}, start a worker (golive worker, or golive up), then ${again} again.`, { cause: error });
  }
}

/** Sends an update and returns its answer. Throws a {@link CliError} when it is refused, or nobody takes it. */
export async function sendUpdate(client: Client, environment: string, workflowId: string, update: { readonly name: string }, payload: object, { what, again }: Sent): Promise<string> {
  try {
    return await client.withDeadline(Date.now() + TAKEN_MS, () => client.workflow.getHandle(workflowId).executeUpdate<string, [object]>(update.name, { args: [payload] }));
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) {
      const why = error.cause instanceof ApplicationFailure ? error.cause.message : (error.cause?.message ?? error.message);
      throw new CliError(EXIT.refused, `Refused: ${why}`, { cause: error });
    }
    if (error instanceof WorkflowNotFoundError) throw new CliError(EXIT.refused, `${workflowId} has ended meanwhile, so there is nothing to ${again}. See how: golive status ${environment}`, { cause: error });
    if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) {
      throw new CliError(EXIT.noWorker, `No worker took ${what} within ${TAKEN_MS / 1_000} s. Whether it still does isn't known: look with golive status ${environment}, and ${again} again if the question is still open.`, { cause: error });
    }
    throw error;
  }
}
