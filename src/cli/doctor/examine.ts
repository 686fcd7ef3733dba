import type { Client } from '@temporalio/client';
import { connectClient, TemporalUnreachable } from '../../temporal/connection.js';
import type { FoundServer } from '../server/found-server.js';
import { serverAdvice } from '../server/no-server.js';
import { serverFault } from '../server/server-fault.js';
import { lookAtCommands } from './commands.js';
import { examined, found, LONGEST_MS, type About, type Diagnosis } from './diagnosis.js';
import { lookAtLedger } from './ledger.js';
import { lookAtPlaybook } from './playbook.js';
import { lookAtNamespace, lookAtSearchAttributes, lookAtServer, lookAtServerClock } from './server.js';
import { lookAtService } from './service.js';
import { lookAtSupervisor } from './supervisor.js';
import { lookAtWorkers } from './workers.js';

export interface Examination {
  readonly server: FoundServer;
  readonly taskQueue: string;
  readonly playbookFile: string;
  /** One environment of the playbook file; all when left out. */
  readonly environment?: string;
}

const ORDER: readonly About[] = [
  'server',
  'workers',
  'playbook',
  'commands',
  'service',
  'clocks',
  'ledger',
  'supervisor',
];

/** Everything that a go-live will need, looked at side by side, each thing for some five seconds at most. Changes nothing but a scratch folder. */
export async function examine({ server, taskQueue, playbookFile, environment }: Examination): Promise<Diagnosis[]> {
  const all = await Promise.all([
    lookThroughServer(server, taskQueue),
    lookThroughPlaybook(playbookFile, environment),
    examined('ledger', 'disk', () => lookAtLedger(server.home)),
    examined('supervisor', 'survives its worker', lookAtSupervisor, 2 * LONGEST_MS),
  ]);
  return all.flat().sort((one, other) => ORDER.indexOf(one.about) - ORDER.indexOf(other.about));
}

async function lookThroughPlaybook(file: string, name: string | undefined): Promise<Diagnosis[]> {
  const { diagnoses, plans } = await lookAtPlaybook(file, name, process.env);
  const looked = await Promise.all(
    plans.flatMap((plan) => [
      examined('commands', plan.environment.name, () => lookAtCommands(plan, process.env)),
      lookAtService(plan, process.env),
    ]),
  );
  return [...diagnoses, ...looked.flat()];
}

async function lookThroughServer(server: FoundServer, taskQueue: string): Promise<Diagnosis[]> {
  const { target, home } = server;
  let client: Client;
  try {
    client = await connectClient(target, LONGEST_MS);
  } catch (error) {
    if (!(error instanceof TemporalUnreachable)) throw error;
    return [found('server', 'answers', 'bad', error.message, { cure: await serverAdvice(server) })];
  }
  const look = (about: About, what: string, act: (signal: AbortSignal) => Promise<Diagnosis[]>) =>
    examined(about, what, (signal) =>
      client
        .withAbortSignal(signal, () => client.withDeadline(Date.now() + LONGEST_MS, () => act(signal)))
        .catch((error: unknown) => {
          const fault = serverFault(error);
          if (fault === undefined) throw error;
          return [
            found(about, what, 'bad', fault, {
              cure: 'Look whether this profile may ask for it, and whether the namespace is right (docs/production.md).',
            }),
          ];
        }),
    );
  const { namespace } = target;
  try {
    const looked = await Promise.all([
      look('server', 'answers', () => lookAtServer(client, target.address)),
      look('server', `namespace ${namespace}`, () => lookAtNamespace(client, namespace)),
      look('server', 'search attributes', () => lookAtSearchAttributes(client, namespace)),
      look('clocks', 'Temporal server', (signal) => lookAtServerClock(client, namespace, signal)),
      look('workers', 'queues', () => lookAtWorkers(client, namespace, taskQueue, home)),
    ]);
    return looked.flat();
  } finally {
    await client.connection.close();
  }
}
