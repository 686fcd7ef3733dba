import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { channelQueue, hostQueue, observeQueue } from '../../domain/run/task-queues.js';
import { readWhole } from '../../durable-file.js';
import type { Home } from '../../home.js';
import { ownBuildId } from '../../build-id.js';
import { asking, queueBuilds, type Poller, type QueueBuilds } from '../../temporal/queue-builds.js';
import { found, type Diagnosis } from './diagnosis.js';
import { unitDiagnosis } from './unit.js';

/** Whether somebody polls each queue that a go-live needs, on which build, and what a restart of workers on this host would take with it. */
export async function lookAtWorkers(
  client: Client,
  namespace: string,
  taskQueue: string,
  home: Home,
): Promise<Diagnosis[]> {
  const hostId = (await readWhole(join(home.ledger, 'host-id')).catch(() => undefined))?.trim();
  const host = hostId === undefined || hostId === '' ? [] : [hostQueue(taskQueue, hostId)];
  const workflows = await queueBuilds(client, namespace, taskQueue, 'workflows');
  const others = [taskQueue, observeQueue(taskQueue), channelQueue(taskQueue), ...host, ...host.map(observeQueue)];
  const queues = await Promise.all(others.map((name) => queueBuilds(client, namespace, name, 'activities')));
  const now = Date.now();
  const ofHost = new Set([...host, ...host.map(observeQueue)]);
  return [
    pollingDiagnosis({ ...workflows, name: `${taskQueue} (workflows)` }, now),
    ...queues.map((queue) => pollingDiagnosis(queue, now, ofHost.has(queue.name))),
    ...buildDiagnoses(workflows, await ownBuildId(), now),
    ...(await Promise.all([...new Set(workersHere(workflows.pollers, now))].map(unitDiagnosis))).flat(),
  ];
}

/** @param ofHost the queue of this home's ledger: a go-live whose commands began elsewhere doesn't need it */
export function pollingDiagnosis({ name, pollers }: QueueBuilds, now: number, ofHost = false): Diagnosis {
  const polling = asking(pollers, now);
  if (polling.length > 0)
    return found(
      'workers',
      name,
      'ok',
      `polled by ${[...new Set(polling.map(({ identity }) => identity))].join(', ')}`,
    );
  return found(
    'workers',
    name,
    ofHost ? 'warn' : 'bad',
    ofHost ? 'no worker of this home polls: go-lives whose commands began here wait for one' : 'no worker polls it',
    {
      cure: 'Start a worker where the playbook file, the checkout and the ledger are (golive up has one).',
      command: 'golive worker',
    },
  );
}

/** @param own the build of the golive that asks */
export function buildDiagnoses({ pollers }: QueueBuilds, own: string, now: number): Diagnosis[] {
  const builds = [...new Set(asking(pollers, now).map(({ build }) => build ?? 'unknown'))];
  const others = builds.filter((build) => build !== own);
  if (builds.length === 0) return [];
  return [
    found(
      'workers',
      'builds',
      others.length > 0 ? 'warn' : 'ok',
      others.length > 0 ? `${others.join(', ')} polls, and this golive is ${own}` : own,
      {
        cure: 'Let workers and the commands you type be of one version; docs/upgrading.md says how with a go-live open.',
      },
    ),
  ];
}

/** The process IDs of workers that run on this host. A worker calls itself `pid@host`. */
function workersHere(pollers: readonly Poller[], now: number): number[] {
  return asking(pollers, now).flatMap(({ identity }) => {
    const [, pid, host] = /^(\d+)@(.+)$/.exec(identity) ?? [];
    return pid !== undefined && host === hostname() ? [Number(pid)] : [];
  });
}
