import type { Client } from '@temporalio/client';
import { didYouMean, guess } from '../../domain/text/did-you-mean.js';
import { environmentOf, readWorkflowId } from '../../domain/run/workflow-id.js';
import type { TemporalTarget } from '../../temporal/connection.js';
import { CliError } from '../exit/cli-error.js';
import { EXIT } from '../exit/exit-codes.js';
import { knownEnvironments, type KnownEnvironments } from '../options/known-environments.js';
import type { FoundServer } from '../server/found-server.js';
import { oneLine } from '../terminal/terminal-text.js';
import { listRuns, type ListedRun } from './list-runs.js';

const LIST_MS = 5_000;

/** There never was a go-live with this workflow ID: an error with {@link noGoLiveText}, as far as the server and this host know the rest. */
export async function noGoLive(client: Client, workflowId: string, server: FoundServer): Promise<CliError> {
  const { namespace } = server.target;
  const runs = await client
    .withDeadline(Date.now() + LIST_MS, () => listRuns(client, namespace, Date.now()))
    .catch(() => []);
  return new CliError(EXIT.noGoLive, noGoLiveText(workflowId, server.target, runs, await knownEnvironments(server)));
}

/**
 * The same for who would wait for one, where waiting is in vain: the playbook file known here hasn't the environment, and it has no go-live of any kind. Undefined where it may come yet,
 * also when this can't be told.
 */
export async function neverComes(
  client: Client,
  workflowId: string,
  server: FoundServer,
): Promise<CliError | undefined> {
  const environment = environmentOf(workflowId);
  const { namespace } = server.target;
  const playbook = await knownEnvironments(server);
  if (!playbook || playbook.environments.includes(environment)) return undefined;
  const runs = await client
    .withDeadline(Date.now() + LIST_MS, () => listRuns(client, namespace, Date.now()))
    .catch(() => undefined);
  if (!runs || runs.some((run) => run.environment === environment)) return undefined;
  return new CliError(EXIT.noGoLive, noGoLiveText(workflowId, server.target, runs, playbook));
}

/**
 * Says which go-lives there are instead and which environments the playbook file has, for a name may be mistyped at night; and never to start one while others are open, or in an
 * environment that the file lacks.
 */
export function noGoLiveText(
  workflowId: string,
  { address, namespace }: Pick<TemporalTarget, 'address' | 'namespace'>,
  runs: readonly Pick<ListedRun, 'environment' | 'dryRun' | 'open' | 'phase'>[],
  playbook: KnownEnvironments | undefined,
): string {
  const environment = environmentOf(workflowId);
  const rehearsal = readWorkflowId(workflowId)?.dryRun === true;
  const open = runs.filter((run) => run.open);
  const known = [...new Set([...runs.map((run) => run.environment), ...(playbook?.environments ?? [])])];
  const others = open
    .map((run) => `${run.environment}${run.dryRun ? "'s rehearsal" : ''} (${oneLine(run.phase ?? 'not begun')})`)
    .join(', ');
  const mistyped = known.includes(environment) ? '' : (playbook ? guess : didYouMean)(environment, known);
  const mayBegin = open.length === 0 && (playbook?.environments.includes(environment) ?? true);
  return [
    `There is no ${rehearsal ? 'rehearsal' : 'go-live'} ${workflowId} at ${address}, namespace "${namespace}", and none in the time the server remembers.`,
    `${open.length > 0 ? `Open now: ${others}.` : 'None is open here.'}${mistyped}`,
    ...(playbook ? [`The playbook file ${playbook.file} has: ${playbook.environments.join(', ')}.`] : []),
    ...(mayBegin
      ? [`To ${rehearsal ? 'rehearse' : 'start'} one: golive ${rehearsal ? 'dry-run' : 'start'} ${environment} --help.`]
      : []),
    'Another server: --address, or --home.',
  ].join(' ');
}
