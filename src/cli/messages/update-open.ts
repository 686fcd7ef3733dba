import type { Client } from '@temporalio/client';
import type { GoLiveStatus } from '../../domain/run/status.js';
import { workflowIdOf } from '../../domain/run/workflow-id.js';
import { EXIT, type ExitCode } from '../exit/exit-codes.js';
import { checkSaid } from '../options/check-said.js';
import type { EnvironmentOptions } from '../options/environment-command.js';
import { withClient, type FoundServer } from '../server/find-server.js';
import { openTerminal, type Terminal } from '../terminal/terminal.js';
import { sendUpdate, statusBefore } from './send-update.js';
import type { Sent } from './sent.js';

/** The go-live that an update is for, as it was just before. */
export interface OpenGoLive {
  readonly environment: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly status: GoLiveStatus;
  readonly client: Client;
  readonly server: FoundServer;
  readonly terminal: Terminal;
  /** Sends an update and returns its answer; a refusal is thrown. */
  readonly send: (update: { readonly name: string }, payload: object) => Promise<string>;
}

/** Sends an update to the open go-live of an environment, by what `act` does with it. Throws a {@link CliError} when it is refused, or none is open. */
export async function updateOpen<Options extends EnvironmentOptions>(
  environment: string,
  options: Options,
  sent: Sent,
  act: (goLive: OpenGoLive, options: Options) => Promise<object>,
): Promise<ExitCode> {
  checkSaid(options, sent.what);
  const terminal = openTerminal(options.json === true);
  return await withClient(options, async (client, server) => {
    const before = await statusBefore(client, environment, server, sent);
    const workflowId = workflowIdOf({ environment });
    const send: OpenGoLive['send'] = (update, payload) => sendUpdate(client, environment, update, payload, sent);
    const document = await act({ environment, workflowId, ...before, client, server, terminal, send }, options);
    terminal.document({ environment, ...document });
    return EXIT.ok;
  });
}
