import { readFile } from 'node:fs/promises';
import type { Client } from '@temporalio/client';
import { homeAt } from '../../home.js';
import {
  connectClient,
  embeddedTarget,
  TemporalUnreachable,
  temporalTarget,
  type TemporalTarget,
} from '../../temporal/connection.js';
import { runningDevServer } from '../../temporal/server-record.js';
import { CliError } from '../exit/cli-error.js';
import { EXIT } from '../exit/exit-codes.js';
import type { ServerOptions } from '../options/shared-options.js';

/** A Temporal server, and where its UI is when that is known. */
export interface FoundServer {
  readonly target: TemporalTarget;
  readonly uiUrl?: string;
}

/** What the command line, TEMPORAL_* or a named profile say; else the server that `golive up` runs in this home; else the default profile. */
export async function findServer(options: ServerOptions, env: NodeJS.ProcessEnv = process.env): Promise<FoundServer> {
  const { address, namespace, profile } = options;
  const database = homeAt(options.home).database;
  if (!address && !profile && !env['TEMPORAL_ADDRESS'] && !env['TEMPORAL_PROFILE']) {
    const running = await runningDevServer(database);
    if (running) {
      const target = embeddedTarget({
        address: running.address,
        namespace: namespace ?? (env['TEMPORAL_NAMESPACE'] || running.namespace),
      });
      return { target, ...(running.uiUrl === undefined ? {} : { uiUrl: running.uiUrl }) };
    }
  }
  const file = env['TEMPORAL_CONFIG_FILE'];
  // Left to the SDK a pipe that nobody writes to would stop this whole process, deaf to signals. What can't be read it tells itself.
  const profiles = file ? await readFile(file, 'utf8').catch(() => undefined) : undefined;
  try {
    return {
      target: temporalTarget(
        { ...(address ? { address } : {}), ...(namespace ? { namespace } : {}), ...(profile ? { profile } : {}) },
        env,
        profiles,
      ),
    };
  } catch (error) {
    throw new CliError(EXIT.usage, (error as Error).message, { cause: error });
  }
}

/** Does something with a connected client and closes it. No server there: a {@link CliError} that says where it was looked for. */
export async function withClient<T>(
  options: ServerOptions,
  use: (client: Client, server: FoundServer) => Promise<T>,
): Promise<T> {
  const server = await findServer(options);
  let client;
  try {
    client = await connectClient(server.target);
  } catch (error) {
    if (error instanceof TemporalUnreachable) throw new CliError(EXIT.noServer, error.message, { cause: error });
    throw error;
  }
  try {
    return await use(client, server);
  } finally {
    await client.connection.close();
  }
}
