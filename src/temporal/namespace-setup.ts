import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { msToTs } from '@temporalio/common/lib/time.js';
import { RETENTION_DAYS, SEARCH_ATTRIBUTES } from './server-settings.js';

const LOOK_EVERY_MS = 50;
const KEYWORD = proto.temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD;

/**
 * Waits until the server at `address` serves `namespace` with golive's search attributes, registers those that a database of an earlier version lacks, then
 * sets its retention.
 * Goes on until it succeeds or `signal` aborts; throws what stood in the way last.
 */
export async function prepareNamespace(address: string, namespace: string, signal: AbortSignal): Promise<void> {
  const connection = Connection.lazy({ address, interceptors: [] }); // no retries of the SDK's own: they wait longer each time
  try {
    for (;;) {
      try {
        await connection.withDeadline(Date.now() + 2_000, async () => {
          await requireSearchAttributes(connection, namespace);
          await setRetention(connection, namespace);
        });
        return;
      } catch (error) {
        if (signal.aborted) throw error;
        await sleep(LOOK_EVERY_MS); // a server that starts refuses connections, then doesn't know its namespaces for a moment
      }
    }
  } finally {
    await connection.close();
  }
}

async function requireSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = Object.keys(SEARCH_ATTRIBUTES).filter((name) => !(name in customAttributes));
  // One by one: of several names in one call only the first was seen to be registered. The next look says when they are known.
  for (const name of missing)
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: { [name]: KEYWORD } });
  if (missing.length > 0) throw new Error(`namespace "${namespace}" lacks the search attributes ${missing.join(', ')}`);
}

async function setRetention(connection: Connection, namespace: string): Promise<void> {
  const { config } = await connection.workflowService.describeNamespace({ namespace });
  const retention = msToTs(`${RETENTION_DAYS} days`);
  if (config?.workflowExecutionRetentionTtl?.seconds?.equals(retention.seconds ?? 0)) return;
  await connection.workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl: retention } });
}
