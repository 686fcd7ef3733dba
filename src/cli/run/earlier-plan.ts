import { workflowIdOf } from '../../domain/run/workflow-id.js';
import { homeAt } from '../../home.js';
import { PlanStore, type FrozenPlan } from '../../plans/plan-store.js';
import { readRemembered } from '../../temporal/left-with-server.js';
import { CliError } from '../exit/cli-error.js';
import { EXIT } from '../exit/exit-codes.js';
import type { PlaybookOptions, ServerOptions } from '../options/shared-options.js';
import { withClient } from '../server/find-server.js';
import { describeRun } from './look-at-run.js';

/** An earlier plan, and where it is from, in words. */
export interface EarlierPlan extends FrozenPlan {
  readonly from: string;
}

type Options = PlaybookOptions & ServerOptions;

/** The plan with this hash, or the only one that begins so, kept in the home. A {@link CliError} says what to do when it isn't there. */
export async function keptPlan(hash: string, options: Options): Promise<EarlierPlan> {
  const folder = homeAt(options.home).plans;
  if (!/^(sha256:)?[0-9a-f]{6,64}$/.test(hash))
    throw new CliError(
      EXIT.usage,
      `"${hash}" is no hash of a plan: write its first digits, six at least, such as 3f9c2a71d0b4.`,
    );
  const [found, another] = await new PlanStore(folder, options.playbook).keptAs(hash);
  if (found && another)
    throw new CliError(EXIT.usage, `More than one plan in ${folder} begins with ${hash}: write more of its digits.`);
  if (!found) throw notHere(hash, folder);
  return { ...found, from: 'kept here' };
}

/** The plan of the environment's newest go-live, open or ended: the server knows its hash, the home has its text. */
export async function lastPlan(environment: string, options: Options): Promise<EarlierPlan> {
  const workflowId = workflowIdOf({ environment });
  const { hash, startTime, open } = await withClient(options, async (client, server) => {
    const { memo, startTime, status } = await describeRun(client, workflowId, server);
    return { hash: readRemembered(memo)?.planHash, startTime, open: status.name === 'RUNNING' };
  });
  const from = `of the go-live that was started at ${startTime.toISOString()}${open ? ' and is open' : ''}`;
  if (hash === undefined)
    throw new CliError(
      EXIT.failed,
      `The last go-live of ${environment} (${workflowId}) has frozen no plan: there is nothing to compare with.`,
    );
  const folder = homeAt(options.home).plans;
  const [found] = await new PlanStore(folder, options.playbook).keptAs(hash);
  if (!found) throw notHere(hash, folder);
  return { ...found, from };
}

const notHere = (hash: string, folder: string): CliError =>
  new CliError(
    EXIT.failed,
    `The plan ${hash} isn't in ${folder}. A plan is kept in the home of the worker that froze it: run this there, name that home with --home, or copy its file from there.`,
  );
