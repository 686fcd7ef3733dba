import type { RunBuild } from '../../temporal/run-build.js';
import { ago } from '../terminal/moments.js';
import { oneLine, shortened } from '../terminal/terminal-text.js';

const LONGEST = 50;
const WORDS = { pinned: 'pinned', 'auto-upgrade': 'auto-upgrade', unversioned: 'not pinned' } as const;

/** On which build a run is, and whether a worker takes it from here and when it was seen last. `now` in epoch milliseconds. */
export function buildLine(
  { id, behavior, next, workers, seen }: RunBuild,
  running: boolean,
  now: number,
): string | undefined {
  if (!running) return id && `build ${named(id)}`;
  const polls = (which?: string) => pollsText(workers, seen, now, which);
  if (id === undefined)
    return next === undefined ? polls() : `no build yet, ${named(next)} is next, ${polls(' of it')}`;
  const how = WORDS[behavior];
  if (next === undefined) return `build ${named(id)} (${how}), ${polls()}`;
  const where = next === id ? `build ${named(id)}` : `build ${named(id)}, goes on with build ${named(next)}`;
  return `${where} (${how}), ${polls(' of it')}`;
}

/** `no worker polls`, `2 workers of it poll, last seen 12s ago`. @param seen ISO. @param now epoch milliseconds */
export function pollsText(workers: number, seen: string | undefined, now: number, which = ''): string {
  const polls = workers > 1 ? `${workers} workers${which} poll` : `${workers === 0 ? 'no' : '1'} worker${which} polls`;
  return seen === undefined ? polls : `${polls}, last seen ${ago(seen, now)}`;
}

const named = (build: string) => shortened(oneLine(build), LONGEST);
