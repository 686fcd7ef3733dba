import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Whether this machine has OpenSSH's ssh-keygen with signatures (8.1 or newer). */
export const hasSshKeygen = (): boolean => {
  const { error, stderr } = spawnSync('ssh-keygen', ['-Y'], { encoding: 'utf8' });
  return error === undefined && /requires an argument|sign/.test(stderr);
};

export const HOW_TO_SSH =
  'these tests need ssh-keygen: install openssh-client (Debian, Ubuntu) or openssh (Fedora, Homebrew)';

/** Makes a key of this name in a folder. Returns its file. */
export async function makeKey(folder: string, name: string): Promise<string> {
  const file = join(folder, name);
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', file]);
  return file;
}

/** An allowed signers file of these people with their keys. */
export async function writeSigners(
  file: string,
  signers: readonly (readonly [principal: string, key: string])[],
): Promise<void> {
  const lines = await Promise.all(
    signers.map(async ([principal, key]) => `"${principal}" ${(await readFile(`${key}.pub`, 'utf8')).trim()}\n`),
  );
  await writeFile(file, lines.join(''));
}

export async function sign(key: string, signed: string, namespace = 'golive-restore'): Promise<string> {
  const child = execFile('ssh-keygen', ['-Y', 'sign', '-f', key, '-n', namespace]);
  child.stdin?.end(signed);
  const [signature] = await Promise.all([child.stdout ? text(child.stdout) : '', once(child, 'close')]);
  return signature;
}
