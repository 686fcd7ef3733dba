import { environmentsThere } from '../../domain/plan/plan.js';
import { readPlaybookFile } from '../../plans/playbook-file.js';
import { CliError } from '../exit/cli-error.js';
import { EXIT } from '../exit/exit-codes.js';
import type { FoundServer } from '../server/found-server.js';
import { workersPlaybook } from '../server/worker-record.js';

/** A playbook file on this host, with the environments it has. */
export interface KnownEnvironments {
  readonly file: string;
  readonly environments: readonly string[];
}

/**
 * The environments of the playbook file that goes with a server, as far as it is known on this host: the one that was `named`, else GOLIVE_PLAYBOOK, else the one of the worker that
 * was last started here for this server. Undefined where there is none of these, or it can't be read: the workers may be elsewhere. Throws only for a file that was named.
 */
export async function knownEnvironments(
  { home, target }: Pick<FoundServer, 'home' | 'target'>,
  named?: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<KnownEnvironments | undefined> {
  if (named !== undefined) return { file: named, environments: await environmentsIn(named) };
  const file = env['GOLIVE_PLAYBOOK'] || (await workersPlaybook(home, target));
  if (file === undefined) return undefined;
  const environments = await environmentsIn(file).catch(() => undefined);
  return environments && { file, environments };
}

/** Refuses an environment that the playbook file known here hasn't, before anything is reserved for it. Throws a {@link CliError} with those it has. */
export async function requireEnvironment(environment: string, server: FoundServer, named?: string): Promise<void> {
  const known = await knownEnvironments(server, named);
  if (!known || known.environments.includes(environment)) return;
  throw new CliError(
    EXIT.usage,
    `There is no environment "${environment}" in the playbook file ${known.file}. ${environmentsThere(environment, known.environments)} Nothing was started. If the workers use another file, name it with --playbook.`,
  );
}

const environmentsIn = async (file: string): Promise<string[]> =>
  Object.keys((await readPlaybookFile(file)).environments);
