import { readFile } from 'node:fs/promises';
import type { Client } from '@temporalio/client';
import { homeAt } from '../../home.js';
import { connectClient, embeddedTarget, temporalTarget } from '../../temporal/connection.js';
import { runningDevServer } from '../../temporal/server-record.js';
import { CliError } from '../exit/cli-error.js';
import { EXIT } from '../exit/exit-codes.js';
import type { ServerOptions } from '../options/shared-options.js';
import type { FoundServer, Purpose } from './found-server.js';
import { orNoServer, refuseAnother } from './no-server.js';

export type { FoundServer } from './found-server.js';

/** What the command line, TEMPORAL_* or a named profile say; else the server that `golive up` runs in this home; else the default profile. */
export async function findServer(options: ServerOptions, env: NodeJS.ProcessEnv = process.env): Promise<FoundServer> {
  const { address, namespace, profile } = options;
  const home = homeAt(options.home);
  if (!address && !profile && !env['TEMPORAL_ADDRESS'] && !env['TEMPORAL_PROFILE']) {
    const running = await runningDevServer(home.database);
    if (running) {
      const target = embeddedTarget({
        address: running.address,
        namespace: namespace ?? (env['TEMPORAL_NAMESPACE'] || running.namespace),
      });
      const ui = running.uiUrl === undefined ? {} : { uiUrl: running.uiUrl };
      return { target, home, log: running.logFile, ...ui };
    }
  }
  const file = env['TEMPORAL_CONFIG_FILE'];
  // Left to the SDK a pipe that nobody writes to would stop this whole process, deaf to signals. What can't be read it tells itself.
  const profiles = file ? await readFile(file, 'utf8').catch(() => undefined) : undefined;
  try {
    return {
      home,
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

/** The same for who reads or sends: never whatever is at the default address where the server of this home has ended. Then a {@link CliError} says so. */
export async function serverOfGoLives(options: ServerOptions, purpose: Purpose = {}): Promise<FoundServer> {
  const server = await findServer(options);
  await refuseAnother(server, purpose);
  return server;
}

/** Does something with a connected client and closes it. No server there, or none any more: a {@link CliError} that says where it was looked for and what to check. */
export async function withClient<T>(
  options: ServerOptions,
  use: (client: Client, server: FoundServer) => Promise<T>,
  purpose: Purpose = {},
): Promise<T> {
  const server = await serverOfGoLives(options, purpose);
  const client = await orNoServer(server, purpose, () => connectClient(server.target));
  try {
    return await orNoServer(server, purpose, () => use(client, server));
  } finally {
    await client.connection.close();
  }
}
