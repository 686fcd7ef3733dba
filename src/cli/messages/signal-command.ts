import type { Client } from '@temporalio/client';
import { workflowIdOf } from '../../domain/run/workflow-id.js';
import type { ExitCode } from '../exit/exit-codes.js';
import type { EnvironmentOptions } from '../options/environment-command.js';
import { withClient, type FoundServer } from '../server/find-server.js';
import { openTerminal } from '../terminal/terminal.js';
import type { SignalTold } from './send-signal.js';

/** A signal from the command line: says what became of it. */
export async function signalCommand(
  environment: string,
  options: EnvironmentOptions,
  signal: string,
  payload: object,
  send: (client: Client, server: FoundServer) => Promise<SignalTold>,
): Promise<ExitCode> {
  const terminal = openTerminal(options.json === true);
  return await withClient(options, async (client, server) => {
    const { text, document, exitCode } = await send(client, server);
    terminal.print(text);
    terminal.document({
      environment,
      workflowId: workflowIdOf({ environment }),
      signal,
      ...payload,
      recorded: true,
      ...document,
    });
    return exitCode;
  });
}
