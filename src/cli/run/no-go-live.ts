import type { Client } from '@temporalio/client';
import { didYouMean } from '../../domain/text/did-you-mean.js';
import { environmentOf } from '../../domain/run/input.js';
import { CliError } from '../exit/cli-error.js';
import { EXIT } from '../exit/exit-codes.js';
import type { FoundServer } from '../server/find-server.js';
import { oneLine } from '../terminal/terminal-text.js';
import { listRuns } from './list-runs.js';

const LIST_MS = 5_000;

/** There never was a go-live with this workflow ID: says which there are, for a name may be mistyped at night, and never to start one while others are open. */
export async function noGoLive(client: Client, workflowId: string, { target }: FoundServer): Promise<CliError> {
  const environment = environmentOf(workflowId);
  const where = `There is no go-live ${workflowId} at ${target.address}, namespace "${target.namespace}", and none in the time the server remembers.`;
  const runs = await client
    .withDeadline(Date.now() + LIST_MS, () => listRuns(client, target.namespace, Date.now()))
    .catch(() => []);
  const open = runs.filter((run) => run.open);
  const known = [...new Set(runs.map((run) => run.environment))];
  const others = open
    .map((run) => `${run.environment}${run.dryRun ? "'s rehearsal" : ''} (${oneLine(run.phase ?? 'not begun')})`)
    .join(', ');
  const next =
    open.length > 0
      ? `Open now: ${others}.${didYouMean(environment, known)}`
      : `None is open here.${known.length > 0 ? didYouMean(environment, known) : ''} To start one: golive start ${environment} --help.`;
  return new CliError(EXIT.noGoLive, `${where} ${next} Another server: --address, or --home.`);
}
