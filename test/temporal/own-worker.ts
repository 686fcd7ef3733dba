import type { Client } from '@temporalio/client';
import { Worker, type WorkerOptions } from '@temporalio/worker';
import { fileURLToPath } from 'node:url';
import { connectClient, connectWorker, embeddedTarget } from '../../src/temporal/connection.js';
import { dataConverter } from '../../src/temporal/data-converter.js';
import type { DevServer } from '../../src/temporal/dev-server.js';

/** A server with a client and a worker of the test's own workflows on it. */
export interface OwnWorker {
  readonly server: DevServer;
  readonly client: Client;
  /** Ends the worker, both connections and the server. */
  close(): Promise<void>;
}

/** @param workflows the file of the workflows, beside this one */
export async function startOwnWorker(
  server: DevServer,
  workflows: string,
  options: Pick<WorkerOptions, 'taskQueue' | 'activities'>,
): Promise<OwnWorker> {
  const client = await connectClient(embeddedTarget(server));
  const connection = await connectWorker(embeddedTarget(server));
  const worker = await Worker.create({
    connection,
    dataConverter,
    workflowsPath: fileURLToPath(new URL(workflows, import.meta.url)),
    ...options,
  });
  const running = worker.run();
  return {
    server,
    client,
    close: async () => {
      worker.shutdown();
      await running;
      await connection.close();
      await client.connection.close();
      await server.stop();
    },
  };
}
