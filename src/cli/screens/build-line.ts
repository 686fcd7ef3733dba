import type { RunBuild } from '../../temporal/run-build.js';
import { oneLine, shortened } from '../terminal/terminal-text.js';

const LONGEST = 50;
const WORDS = { pinned: 'pinned', 'auto-upgrade': 'auto-upgrade', unversioned: 'not pinned' } as const;

/** On which build a run is and whether a worker takes it from here; nothing where the server tells no build. */
export function buildLine({ id, behavior, next, workers }: RunBuild, running: boolean): string | undefined {
  if (!running) return id && `build ${named(id)}`;
  if (id === undefined) return next && `no build yet, ${named(next)} is next, ${polling(workers, ' of it')}`;
  const how = WORDS[behavior];
  if (next === undefined) return `build ${named(id)} (${how}), ${polling(workers)}`;
  const where = next === id ? `build ${named(id)}` : `build ${named(id)}, goes on with build ${named(next)}`;
  return `${where} (${how}), ${polling(workers, ' of it')}`;
}

const named = (build: string) => shortened(oneLine(build), LONGEST);

const polling = (workers: number, which = '') =>
  workers > 1 ? `${workers} workers${which} poll` : `${workers === 0 ? 'no' : '1'} worker${which} polls`;
