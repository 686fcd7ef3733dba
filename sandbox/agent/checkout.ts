import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { checkoutFiles, shim } from './checkout-files.js';
import type { StateDirectory } from './state-directory.js';

const run = promisify(execFile);
const program = (name: string): string => fileURLToPath(new URL(`../programs/${name}.js`, import.meta.url));

/** Runs git without the user's own configuration, so that every sandbox's checkout is the same. Rejects with git's own words. */
async function git(cwd: string, ...args: string[]): Promise<string> {
  const env = {
    ...process.env,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_DIR: undefined,
    GIT_WORK_TREE: undefined,
  };
  const { stdout } = await run('git', args, { cwd, env }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT'
      ? new Error(`expected git on the PATH and the directory ${cwd}, but could not start git there; install git`)
      : error;
  });
  return stdout.trim();
}

/** Creates the checkout: a git repository on main, clean, with the release tagged, and a second work tree for the previous release. */
export async function createCheckout(paths: StateDirectory, release: string): Promise<void> {
  for (const [path, content] of Object.entries(checkoutFiles(release, program('deploy')))) {
    const file = join(paths.checkout, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  await chmod(join(paths.checkout, 'deploy.sh'), 0o755);
  await git(paths.checkout, 'init', '--quiet', '--initial-branch=main', '--template=');
  await git(paths.checkout, 'config', 'user.name', 'Sandbox Operator');
  await git(paths.checkout, 'config', 'user.email', 'operator@sandbox.invalid');
  await git(paths.checkout, 'add', '--all');
  await git(paths.checkout, 'commit', '--quiet', '--no-gpg-sign', '--message', `release: ${release}`);
  await git(paths.checkout, 'tag', release);
  await git(paths.checkout, 'worktree', 'add', '--quiet', '--detach', paths.previousCheckout, release);
}

/** Tags the present commit as a release that an old checkout doesn't know yet. */
export async function ensureRelease(paths: StateDirectory, release: string): Promise<void> {
  const known = await git(paths.checkout, 'tag', '--list', release);
  if (known === '') await git(paths.checkout, 'tag', release);
}

/** Writes the sandbox's stand-ins for python and pytest, for the front of a command's PATH. */
export async function createBin(paths: StateDirectory): Promise<void> {
  await mkdir(paths.bin, { recursive: true });
  for (const name of ['python', 'pytest']) {
    const file = join(paths.bin, name);
    await writeFile(
      file,
      shim(
        `The sandbox's stand-in for ${name}: knows the scripts of the sandbox's checkout and nothing else.`,
        program(name),
      ),
    );
    await chmod(file, 0o755);
  }
}

/** The candidate release: what the checkout's RELEASE file says. */
export async function readCandidate(checkout: string): Promise<string> {
  return (await readFile(join(checkout, 'RELEASE'), 'utf8')).trim();
}

/** Makes a release the candidate, in a commit, so that the tree stays clean; the second work tree goes to `live`, the release to go back to. */
export async function commitCandidate(paths: StateDirectory, release: string, live: string): Promise<void> {
  await git(paths.previousCheckout, 'checkout', '--quiet', '--detach', live);
  if ((await readCandidate(paths.checkout)) !== release) {
    await writeFile(join(paths.checkout, 'RELEASE'), `${release}\n`);
    await git(paths.checkout, 'commit', '--quiet', '--no-gpg-sign', '--message', `release: ${release}`, 'RELEASE');
  }
  await git(paths.checkout, 'tag', '--force', release);
}
