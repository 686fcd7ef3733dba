import type { Client } from '@temporalio/client';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AbortRequest } from '../../domain/people/said-by.js';
import { abortSignal, requestAbortUpdate, type AbortAnswer } from '../../workflows/people/messages.js';
import { ANSWER_MS } from '../run/look-at-run.js';
import { WorkflowNotFoundError } from '../../temporal/sdk.js';

/** After this the signal goes out as well: the server keeps it, while an update that no worker takes is forgotten. */
const SIGNAL_AFTER_MS = 700;
const SERVER_MS = 10_000;

export type AbortSent =
  | { readonly kind: 'answered'; readonly answer: AbortAnswer }
  /** The signal is in the run's history; no worker has answered. */
  | { readonly kind: 'recorded' }
  | { readonly kind: 'not-running' };

/** Aborts by update, for its answer, and by signal as soon as that answer is late. */
export async function sendAbort(client: Client, workflowId: string, request: AbortRequest): Promise<AbortSent> {
  const handle = client.workflow.getHandle(workflowId);
  const answer = client.withDeadline(Date.now() + ANSWER_MS, () =>
    handle.executeUpdate<AbortAnswer, [AbortRequest]>(requestAbortUpdate.name, { args: [request] }),
  );
  const answered = answer.then(
    (value): AbortSent => ({ kind: 'answered', answer: value }),
    (error: unknown): AbortSent | Error => failure(error),
  );
  const early = await Promise.race([answered, sleep(SIGNAL_AFTER_MS, undefined, { ref: false })]);
  if (early && !(early instanceof Error)) return early;

  // The answer is late, or refused for whatever reason: the abort must not depend on it.
  try {
    await client.withDeadline(Date.now() + SERVER_MS, () => handle.signal(abortSignal, request));
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return await orElse(answered, { kind: 'not-running' });
    await answered;
    throw error;
  }
  return await orElse(answered, { kind: 'recorded' });
}

async function orElse(answered: Promise<AbortSent | Error>, otherwise: AbortSent): Promise<AbortSent> {
  const late = await answered;
  return late instanceof Error || late.kind === 'not-running' ? otherwise : late;
}

function failure(error: unknown): AbortSent | Error {
  if (error instanceof WorkflowNotFoundError) return { kind: 'not-running' };
  return error instanceof Error ? error : new Error(String(error));
}
