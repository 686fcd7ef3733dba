import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve as resolvePath } from 'node:path';
import type { Plan } from '../../domain/plan/plan.js';
import type { Command } from '../../domain/plan/playbook.js';
import { resolve, type Environment } from '../../plans/variables.js';

/** A path that a command printed and that can't be used; the message says why, without saying which command. */
export class BadPath extends Error {}

/**
 * The real path of a file that a command printed, absolute or relative to the command's own working directory. It must be there and lie inside the
 * artifacts folder (design §8). Throws a {@link BadPath}, or a MissingVariable.
 */
export async function insideArtifacts(
  plan: Plan,
  environment: Environment,
  printed: string,
  by: Pick<Command, 'workingDirectory'>,
): Promise<string> {
  const { create, artifacts } = plan.preflight.backup;
  const directory = (command: Pick<Command, 'workingDirectory'>) =>
    resolvePath(resolve(command.workingDirectory ?? plan.environment.workingDirectory, environment));
  if (/[${}]/.test(printed)) throw new BadPath(`${JSON.stringify(printed)} is not a path`);
  const folder = await there(resolvePath(directory(create), resolve(artifacts, environment)));
  const path = await there(resolvePath(directory(by), printed));
  const inside = relative(folder, path);
  if (inside === '' || inside.startsWith('..') || isAbsolute(inside))
    throw new BadPath(`it is outside the artifacts folder: ${path} is not in ${folder}`);
  return path;
}

async function there(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    throw new BadPath((error as Error).message, { cause: error });
  }
}
