import { accessSync, constants, realpathSync } from 'node:fs';
import path from 'node:path';
import { asCalled, type Called } from '../../domain/text/as-called.js';
import { shellWord } from '../../domain/text/shell-word.js';

let called: Called = { program: 'golive', options: () => '' };

/** Keeps how golive was called: its commands are printed so from now on. */
export const rememberCalled = (how: Called): void => void (called = how);

/** A text with golive's commands in it as they can be pasted here. */
export const asCalledHere = (text: string): string => asCalled(text, called);

/** How this very program is called here. `GOLIVE_COMMAND` says it where only people know: behind a wrapper, ssh or a container. */
export function programHere(script: string, env: NodeJS.ProcessEnv): string {
  if (env['GOLIVE_COMMAND']) return env['GOLIVE_COMMAND'];
  const folders = (env['PATH'] ?? '').split(path.delimiter).filter((folder) => !folder.endsWith('node_modules/.bin'));
  if (folders.some((folder) => sameFile(path.join(folder, 'golive'), script))) return 'golive';
  if (env['npm_command'] === 'exec') return 'npx golive';
  return isExecutable(script) ? shellWord(script) : `node ${shellWord(script)}`;
}

function sameFile(one: string, other: string): boolean {
  try {
    return realpathSync(one) === realpathSync(other);
  } catch {
    return false; // it isn't there
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
