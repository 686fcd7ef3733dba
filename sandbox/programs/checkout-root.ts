import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { stateDirectory, type StateDirectory } from '../agent/state-directory.js';

/** The checkout that a file or directory belongs to: the nearest directory upwards with a RELEASE file. */
export function checkoutRoot(from: string): string {
  for (let here = resolve(from); ; here = dirname(here)) {
    if (existsSync(join(here, 'RELEASE'))) return here;
    if (here === dirname(here))
      throw new Error(`${from} is not inside a checkout of the sandbox: no RELEASE file in it or above it`);
  }
}

/** The state directory that a checkout lies in. */
export const stateOf = (root: string): StateDirectory => stateDirectory(dirname(root));
