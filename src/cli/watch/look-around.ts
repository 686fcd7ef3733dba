import type { Client } from '@temporalio/client';
import { connectClient } from '../../temporal/connection.js';
import { CliError } from '../exit/cli-error.js';
import { EXIT } from '../exit/exit-codes.js';
import type { ServerOptions } from '../options/shared-options.js';
import { findRun, lookAtRun } from '../run/look-at-run.js';
import { serverOfGoLives, type FoundServer } from '../server/find-server.js';
import { serverFault } from '../server/server-fault.js';
import type { Look } from './watched.js';

/** Looks at the newest run of an environment again and again, over one connection for as long as it is good: a server that is back may be back elsewhere. */
export class LookAround {
  #connected: { readonly client: Client; readonly server: FoundServer } | undefined;

  constructor(
    private readonly environment: string,
    private readonly workflowId: string,
    private readonly options: ServerOptions,
  ) {}

  /** Throws only what waiting doesn't mend: options that nobody can use. */
  async look(): Promise<Look> {
    try {
      const { client, server } = (this.#connected ??= await this.#connect());
      const run = await findRun(client, this.workflowId);
      if (!run) return { kind: 'no run' };
      return { kind: 'seen', view: await lookAtRun(client, this.environment, run, server) };
    } catch (error) {
      if (error instanceof CliError && error.exitCode === EXIT.usage) throw error;
      await this.close();
      const fault = serverFault(error);
      return {
        kind: 'no server',
        why:
          fault === undefined
            ? (error as Error).message.replace(/\.$/, '')
            : `the Temporal server can't be used: ${fault}`,
      };
    }
  }

  async close(): Promise<void> {
    const connected = this.#connected;
    this.#connected = undefined;
    await connected?.client.connection.close().catch(() => undefined);
  }

  async #connect(): Promise<{ client: Client; server: FoundServer }> {
    const server = await serverOfGoLives(this.options);
    return { client: await connectClient(server.target), server };
  }
}
