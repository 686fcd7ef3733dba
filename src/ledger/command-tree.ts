import type { CommandDirectory } from './command-directory.js';
import { commandMark } from './command-key.js';
import { ProcessTree } from './process-tree.js';
import { here } from './process-identity.js';

/**
 * The processes of a command by what its directory says, whoever supervises or supervised it.
 * @param withSupervisors no supervisor is in charge any more, see `ProcessTreeOptions`
 */
export async function commandTree(
  directory: CommandDirectory,
  hostId: string,
  withSupervisors: boolean,
): Promise<ProcessTree> {
  const mark = commandMark(hostId, directory.command);
  const child = await directory.read('child');
  const { bootId, pidNamespace } = await here();
  // A pid of another boot or container says nothing here.
  const root =
    child?.process.bootId === bootId && child.process.pidNamespace === pidNamespace ? child.process : undefined;
  return new ProcessTree(mark, { root, withSupervisors });
}
