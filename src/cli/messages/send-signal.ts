import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { workflowIdOf } from '../../domain/run/input.js';
import { beginsAt } from '../../temporal/begins-at.js';
import { CliError } from '../exit/cli-error.js';
import { EXIT, type ExitCode } from '../exit/exit-codes.js';
import { withClient, type FoundServer } from '../server/find-server.js';
import { describeRun } from '../run/look-at-run.js';
import { notBegun } from '../run/not-begun.js';
import type { EnvironmentOptions } from '../options/environment-command.js';
import { openTerminal } from '../terminal/terminal.js';

const SERVER_MS = 10_000;

/** The exit codes of a command that sends a signal. */
export const SIGNAL_EXITS: readonly ExitCode[] = [EXIT.ok, EXIT.usage, EXIT.noServer, EXIT.refused, EXIT.noGoLive];

/** A signal to the open go-live of an environment, from the command line. */
export async function sendSignal(
  environment: string,
  options: EnvironmentOptions,
  signal: string,
  payload: object,
): Promise<ExitCode> {
  const terminal = openTerminal(options.json === true);
  return await withClient(options, async (client, server) => {
    terminal.print(await signalRun(client, environment, server, signal, payload));
    const workflowId = workflowIdOf({ environment });
    terminal.document({ environment, workflowId, signal, ...payload, recorded: true });
    return EXIT.ok;
  });
}

/**
 * Sends a signal to the open go-live of an environment, and returns a sentence that says so. A signal has no answer: it is kept even if no worker runs, and
 * whether it had an effect the status says. Throws a {@link CliError} when no go-live is open.
 */
export async function signalRun(
  client: Client,
  environment: string,
  server: FoundServer,
  signal: string,
  payload: object,
): Promise<string> {
  const workflowId = workflowIdOf({ environment });
  const run = await describeRun(client, workflowId, server);
  const ended = new CliError(
    EXIT.refused,
    `${workflowId} has ended, so there is nothing to ${signal === 'alert' ? 'tell it' : signal}. See how: golive status ${environment}`,
  );
  if (!['RUNNING', 'PAUSED'].includes(run.status.name)) throw ended;
  const begins = beginsAt(run);
  if (begins !== undefined) throw new CliError(EXIT.refused, notBegun(workflowId, begins));
  try {
    await client.withDeadline(Date.now() + SERVER_MS, () =>
      client.workflow.getHandle(workflowId).signal(signal, payload),
    );
  } catch (error) {
    throw error instanceof WorkflowNotFoundError ? ended : error;
  }
  return `Sent to ${workflowId}: ${signal}. What it did, or why it has no effect: golive status ${environment}`;
}
