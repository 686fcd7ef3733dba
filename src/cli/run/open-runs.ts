import type { Logger } from 'pino';
import { connectClient, embeddedTarget } from '../../temporal/connection.js';
import type { DevServer } from '../../temporal/dev-server.js';
import { listRuns, type ListedRun } from './list-runs.js';

const LIST_MS = 5_000;

/** The go-lives that are open on a server; none where the server doesn't list them in time, which is no reason not to come up. */
export async function openRuns(server: Pick<DevServer, 'address' | 'namespace'>, log: Logger): Promise<ListedRun[]> {
  try {
    const client = await connectClient(embeddedTarget(server));
    try {
      const now = Date.now();
      const runs = await client.withDeadline(now + LIST_MS, () => listRuns(client, server.namespace, now));
      return runs.filter((run) => run.open);
    } finally {
      await client.connection.close();
    }
  } catch (error) {
    log.warn({ err: error }, 'which go-lives are open could not be listed');
    return [];
  }
}
