import type { Client } from '@temporalio/client';
import { setTimeout as sleep } from 'node:timers/promises';
import { workflowIdOf } from '../../domain/run/workflow-id.js';
import type { GoLiveStatus } from '../../domain/run/status.js';
import { beginsAt } from '../../temporal/begins-at.js';
import { isUnreadable } from '../../temporal/unreadable.js';
import { statusQuery } from '../../workflows/people/messages.js';
import { CliError } from '../exit/cli-error.js';
import { EXIT, type ExitCode } from '../exit/exit-codes.js';
import type { FoundServer } from '../server/find-server.js';
import { ANSWER_MS, describeRun } from '../run/look-at-run.js';
import { notBegun } from '../run/not-begun.js';
import { endedBefore } from './ended-before.js';
import { WorkflowNotFoundError } from '../../temporal/sdk.js';

const SERVER_MS = 10_000;
/** A signal doesn't wait longer than this to know how things stood before it. */
const BEFORE_MS = 1_000;
/** How long its effect is waited for. */
const EFFECT_MS = 10_000;
const LOOK_EVERY_MS = 250;

/** What became of a signal: a sentence for people, what the document of `--json` says about it, and the exit code that says the same. */
export interface SignalTold {
  readonly text: string;
  readonly document: object;
  readonly exitCode: ExitCode;
}

/** A signal that the server has, and how the go-live stood before it; undefined when nobody answered then. */
export interface SentSignal {
  readonly runId: string;
  /** Epoch milliseconds, on this machine's clock. */
  readonly sentAt: number;
  readonly before: GoLiveStatus | undefined;
}

/** Sends a signal to the open go-live of an environment. It is kept even if no worker runs. Throws a {@link CliError} when no go-live is open. */
export async function sendSignal(
  client: Client,
  environment: string,
  server: FoundServer,
  signal: string,
  payload: object,
): Promise<SentSignal> {
  const workflowId = workflowIdOf({ environment });
  const run = await describeRun(client, workflowId, server);
  const ended = () => endedBefore(client, run, { verb: signal === 'alert' ? 'tell it' : signal });
  if (!['RUNNING', 'PAUSED'].includes(run.status.name)) throw await ended();
  const begins = beginsAt(run);
  if (begins !== undefined) throw new CliError(EXIT.refused, notBegun(workflowId, begins));
  const before = await statusOf(client, workflowId, run.runId, BEFORE_MS);
  const sentAt = Date.now();
  try {
    await client.withDeadline(Date.now() + SERVER_MS, () =>
      client.workflow.getHandle(workflowId).signal(signal, payload),
    );
  } catch (error) {
    throw error instanceof WorkflowNotFoundError ? await ended() : error;
  }
  return { runId: run.runId, sentAt, before };
}

/**
 * Asks for the status until it says what became of a signal, some ten seconds long.
 * @param read what it says; undefined for nothing yet
 * @returns what was read, or the last answer; neither when no worker answers
 */
export async function awaitEffect<T>(
  client: Client,
  environment: string,
  read: (status: GoLiveStatus) => T | undefined,
): Promise<{ readonly effect?: T; readonly status?: GoLiveStatus }> {
  const workflowId = workflowIdOf({ environment });
  for (const end = Date.now() + EFFECT_MS; ; await sleep(LOOK_EVERY_MS)) {
    // Not one run alone: a signal may be the last of one that goes on as another.
    const status = await statusOf(client, workflowId, undefined, ANSWER_MS);
    const effect = status && read(status);
    if (status && effect !== undefined) return { effect, status };
    if (Date.now() >= end) return status ? { status } : {};
  }
}

/** Says that a signal is with the server, and nobody has taken it. A promotion doesn't just act: the readings decide. */
export function keptByServer(environment: string, signal: string): SignalTold {
  const kept =
    signal === 'promote'
      ? 'No worker answers: none is running, or it is stuck. So nothing has happened yet. The promotion is recorded, and will be judged by the readings when a worker runs'
      : `No worker has answered, so nothing has happened yet. The ${signal} is kept by the server and acts as soon as a worker is back`;
  return {
    text: `${kept}: golive worker (or golive up). See: golive status ${environment}.`,
    document: { answered: false, exitCode: EXIT.noWorker },
    exitCode: EXIT.noWorker,
  };
}

/** The workflow's own answer within a time; undefined without one. A server that is away shows with the signal itself. */
async function statusOf(
  client: Client,
  workflowId: string,
  runId: string | undefined,
  withinMs: number,
): Promise<GoLiveStatus | undefined> {
  const status = await client
    .withDeadline(Date.now() + withinMs, () => client.workflow.getHandle(workflowId, runId).query(statusQuery))
    .catch(() => undefined);
  return status === undefined || isUnreadable(status) ? undefined : status;
}
