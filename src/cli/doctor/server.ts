import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { shellWord } from '../../domain/text/shell-word.js';
import { RETENTION_DAYS, SEARCH_ATTRIBUTES } from '../../temporal/server-settings.js';
import { milliseconds } from '../../temporal/timestamp.js';
import { clockDiagnosis } from './clock.js';
import { found, type Diagnosis } from './diagnosis.js';
import { proto } from '../../temporal/sdk.js';

const { IndexedValueType, TaskQueueType } = proto.temporal.api.enums.v1;

const DAY_MS = 86_400_000;
/** 72 h of hypercare, and some days to read the report of a go-live that ended on a Friday. */
const SHORTEST_RETENTION_MS = 7 * DAY_MS;
/** A queue that nobody works on: what the server says of who polls it has the server's time. */
const CLOCK_QUEUE = 'golive-doctor';
const POLL_MS = 4_000;
const POLLED_AFTER_MS = 300;

/** Whether the server answers, and its version. */
export async function lookAtServer(client: Client, address: string): Promise<Diagnosis[]> {
  const { serverVersion } = await client.workflowService.getSystemInfo({});
  return [found('server', 'answers', 'ok', `Temporal ${serverVersion || 'of an unknown version'} at ${address}`)];
}

/** Whether the namespace keeps a go-live that has ended long enough. */
export async function lookAtNamespace(client: Client, namespace: string): Promise<Diagnosis[]> {
  const { config } = await client.workflowService.describeNamespace({ namespace });
  const kept = Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) * 1_000;
  return [retention(namespace, kept)];
}

/** @param kept how long a workflow that has ended is kept, in milliseconds */
export function retention(namespace: string, kept: number): Diagnosis {
  return found(
    'server',
    `namespace ${namespace}`,
    kept < SHORTEST_RETENTION_MS ? 'warn' : 'ok',
    `keeps a go-live for ${kept === 0 ? 'an unknown time' : `${Math.floor(kept / DAY_MS)} days`} after its end`,
    {
      cure: `Its report and its history should outlast the days after hypercare: give it ${RETENTION_DAYS} days.`,
      command: `temporal operator namespace update --namespace ${shellWord(namespace)} --retention ${RETENTION_DAYS}d`,
    },
  );
}

/** Whether the search attributes that a go-live sets are registered. */
export async function lookAtSearchAttributes(client: Client, namespace: string): Promise<Diagnosis[]> {
  const { customAttributes } = await client.connection.operatorService.listSearchAttributes({ namespace });
  return searchAttributes(
    namespace,
    Object.fromEntries(
      Object.entries(customAttributes ?? {}).map(([name, type]) => [
        name,
        type === IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD ? 'Keyword' : `type ${type}`,
      ]),
    ),
  );
}

/** @param registered the type of each that the namespace has, as the Temporal CLI writes it */
export function searchAttributes(namespace: string, registered: Readonly<Record<string, string>>): Diagnosis[] {
  const wrong = Object.entries(SEARCH_ATTRIBUTES).filter(([name, type]) => registered[name] !== type);
  if (wrong.length === 0)
    return [found('server', 'search attributes', 'ok', Object.keys(SEARCH_ATTRIBUTES).join(', '))];
  return wrong.map(([name, type]) => {
    const has = registered[name];
    return has === undefined
      ? found(
          'server',
          `search attribute ${name}`,
          'warn',
          'is not registered: go-lives run, and the UI can’t filter by it',
          {
            cure: 'Register it.',
            command: `temporal operator search-attribute create --namespace ${shellWord(namespace)} --name ${name} --type ${type}`,
          },
        )
      : found(
          'server',
          `search attribute ${name}`,
          'bad',
          `has ${has}, expected ${type}: a go-live that sets it would stand still`,
          {
            cure: 'Use a namespace of golive’s own (docs/production.md), or remove it and register it anew.',
            command: `temporal operator search-attribute remove --namespace ${shellWord(namespace)} --name ${name}`,
          },
        );
  });
}

/** The server's clock against this host's: it says when it was last asked for work on a queue of the doctor's own, which nobody puts work on. */
export async function lookAtServerClock(client: Client, namespace: string, signal: AbortSignal): Promise<Diagnosis[]> {
  const taskQueue = { name: CLOCK_QUEUE };
  const identity = `doctor ${process.pid}`;
  const seen = new AbortController();
  const begun = Date.now();
  const poll = client
    .withAbortSignal(AbortSignal.any([seen.signal, signal]), () =>
      client.withDeadline(begun + POLL_MS, () =>
        client.workflowService.pollWorkflowTaskQueue({ namespace, taskQueue, identity }),
      ),
    )
    .catch(() => undefined);
  try {
    await sleep(POLLED_AFTER_MS, undefined, { signal });
    const { pollers } = await client.workflowService.describeTaskQueue({
      namespace,
      taskQueue,
      taskQueueType: TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    });
    const at = milliseconds(pollers?.find((each) => each.identity === identity)?.lastAccessTime);
    return at === undefined
      ? [found('clocks', 'Temporal server', 'ok', 'tells no time to compare with')]
      : [clockDiagnosis('Temporal server', at, begun, Date.now())];
  } finally {
    seen.abort();
    await poll;
  }
}
