import { execFileSync } from 'node:child_process';
import { hostname, userInfo } from 'node:os';
import { oneLine } from '../../domain/text/one-line.js';

/** A name that tells nobody who it was. */
const NOBODY = 'root';
/** An abort that doesn't say who it is from must not wait for git. */
const GIT_MS = 500;

/** Who sits here: as git knows it, else who became root, else the login; undefined where that is root alone, or nobody. */
export function whoIsHere(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const known = [() => gitName(env), () => env['SUDO_USER'], loginName];
  for (const name of known) {
    const said = oneLine(name() ?? '');
    if (said !== '' && said !== NOBODY) return said;
  }
  return undefined;
}

/** The same where nobody can be asked: it says that it isn't known. */
export const whoeverIsHere = (): string => whoIsHere() ?? `unknown (${loginName() ?? 'no login'} at ${hostname()})`;

function gitName(env: NodeJS.ProcessEnv): string | undefined {
  try {
    return execFileSync('git', ['config', 'user.name'], {
      env,
      encoding: 'utf8',
      timeout: GIT_MS,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return undefined; // no git, or no name set
  }
}

function loginName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined; // a user ID without a name, as in some containers
  }
}
