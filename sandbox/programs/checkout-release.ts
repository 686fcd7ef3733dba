import { appendFileSync, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readSettings } from '../agent/settings.js';
import type { BadWay, Crash } from '../bad-way.js';
import type { SmokeTest } from '../smoke-test-names.js';
import { stateOf } from './checkout-root.js';

/** The release whose code a checkout holds. */
export const releaseOf = (root: string): string => readFileSync(join(root, 'RELEASE'), 'utf8').trim();

const badOf = (root: string): readonly BadWay[] => readSettings(stateOf(root).settings).releases[releaseOf(root)] ?? [];

/** How pytest comes to no result this time, if it does. Counted in a file: each call is a process of its own. */
export function crashNow(root: string): Crash | undefined {
  const way = badOf(root).find((bad) => bad.way === 'smoke-crashes');
  if (way === undefined) return undefined;
  const count = join(stateOf(root).dir, `smoke-crashes-${releaseOf(root)}`);
  if (way.times !== null && existsSync(count) && statSync(count).size >= way.times) return undefined;
  appendFileSync(count, '.');
  return way.how;
}

/** The smoke tests that a checkout's release breaks: when run by themselves, or as a part of the checklist. */
export function brokenTests(root: string, { inChecklist }: { inChecklist: boolean }): SmokeTest[] {
  return badOf(root).flatMap((way) =>
    way.way === 'failing-smoke' && (way.inChecklist || !inChecklist) ? [way.test] : [],
  );
}
