import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSettings } from '../agent/settings.js';
import type { SmokeTest } from '../smoke-test-names.js';
import { stateOf } from './checkout-root.js';

/** The release whose code a checkout holds. */
export const releaseOf = (root: string): string => readFileSync(join(root, 'RELEASE'), 'utf8').trim();

/** The smoke tests that a checkout's release breaks: when run by themselves, or as a part of the checklist. */
export function brokenTests(root: string, { inChecklist }: { inChecklist: boolean }): SmokeTest[] {
  const bad = readSettings(stateOf(root).settings).releases[releaseOf(root)] ?? [];
  return bad.flatMap((way) => (way.way === 'failing-smoke' && (way.inChecklist || !inChecklist) ? [way.test] : []));
}
