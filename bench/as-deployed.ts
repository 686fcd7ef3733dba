import { readFile } from 'node:fs/promises';

const UNIT = new URL('../../deploy/systemd/golive-worker.service', import.meta.url);

/** The memory that workers are given where they are deployed, as the environment of a worker's process: Node's flags and the allocator's arenas of the unit. */
export async function memoryAsDeployed(): Promise<Record<string, string>> {
  const unit = await readFile(UNIT, 'utf8');
  const flags = unit.match(/(?<=^ExecStart=.*)--max-\S+/gm);
  const arenas = /^Environment=MALLOC_ARENA_MAX=(\d+)$/m.exec(unit)?.[1];
  if (!flags || arenas === undefined) throw new Error('The unit of the worker says nothing about its memory.');
  return { NODE_OPTIONS: flags.join(' '), MALLOC_ARENA_MAX: arenas };
}
