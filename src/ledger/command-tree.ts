import type { CommandDirectory, CommandRecords } from './command-directory.js';
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
  const [child, started] = [await childHere(directory), await directory.read('started')];
  return new ProcessTree(commandMark(hostId, directory.command), {
    root: child?.process,
    supervisorMark: started?.mark,
    withSupervisors,
  });
}

/** The command's main process, unless it was one of another boot or container: their pids say nothing here. */
export async function childHere(directory: CommandDirectory): Promise<CommandRecords['child'] | undefined> {
  const child = await directory.read('child');
  const { bootId, pidNamespace } = await here();
  return child?.process.bootId === bootId && child.process.pidNamespace === pidNamespace ? child : undefined;
}
