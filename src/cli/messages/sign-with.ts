import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text as wholeText } from 'node:stream/consumers';
import { SIGNATURE_NAMESPACE } from '../../domain/rollback/restore-approval.js';
import { CliError } from '../exit/cli-error.js';
import { EXIT } from '../exit/exit-codes.js';

/** Signs a text with an SSH key; ssh-keygen itself asks for a passphrase, at the terminal. Throws a {@link CliError} that says what it said. */
export async function signWith(key: string, text: string): Promise<string> {
  const child = spawn('ssh-keygen', ['-Y', 'sign', '-f', key, '-n', SIGNATURE_NAMESPACE], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => undefined).end(text);
  try {
    const [[exitCode], signature, said] = await Promise.all([
      once(child, 'close') as Promise<[number | null]>,
      wholeText(child.stdout),
      wholeText(child.stderr),
    ]);
    if (exitCode === 0) return signature;
    throw new CliError(
      EXIT.failed,
      `Nothing was sent: ssh-keygen could not sign with ${key}: ${said.trim() || `exit ${exitCode}`}`,
    );
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(
      EXIT.failed,
      `Nothing was sent: signing needs OpenSSH's ssh-keygen on this machine, and it could not be run: ${(error as Error).message}`,
      { cause: error },
    );
  }
}
