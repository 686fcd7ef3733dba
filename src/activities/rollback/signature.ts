import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as wholeText } from 'node:stream/consumers';
import { lastLine } from '../../domain/commands/command.js';
import { SIGNATURE_NAMESPACE } from '../../domain/rollback/restore-approval.js';

const DEADLINE_MS = 10_000;

interface Signed {
  /** OpenSSH's allowed signers file. */
  readonly signers: string;
  /** The principal who is said to have signed. */
  readonly by: string;
  readonly text: string;
  /** As `ssh-keygen -Y sign` writes it. */
  readonly signature: string;
  readonly path: string | undefined;
}

/**
 * Has OpenSSH look at a signature. Returns why it doesn't count, or nothing when it is this person's over this very text. What keeps ssh-keygen from
 * saying anything (it is missing, the signers can't be read) refuses as well: nobody is believed unseen.
 */
export async function wrongSignature({ signers, by, text, signature, path }: Signed): Promise<string | undefined> {
  try {
    await access(signers);
  } catch (error) {
    return `the allowed signers can't be read on this host: ${(error as Error).message}`;
  }
  const folder = await mkdtemp(join(tmpdir(), 'golive-signature-'));
  try {
    const file = join(folder, 'approval.sig');
    await writeFile(file, `${signature.trim()}\n`, { mode: 0o600 });
    const { exitCode, said } = await sshKeygen(
      ['-Y', 'verify', '-f', signers, '-I', by, '-n', SIGNATURE_NAMESPACE, '-s', file],
      text,
      path,
    );
    if (exitCode === 0) return undefined;
    return `it is not ${by}'s signature over the approval of this very backup in this run (ssh-keygen: ${lastLine(said) || `exit ${exitCode}`})`;
  } catch (error) {
    return `ssh-keygen can't be run on this host: ${(error as Error).message}`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function sshKeygen(
  args: readonly string[],
  input: string,
  path: string | undefined,
): Promise<{ exitCode: number | null; said: string }> {
  const child = spawn('ssh-keygen', args, {
    stdio: ['pipe', 'ignore', 'pipe'],
    env: path === undefined ? {} : { PATH: path },
    signal: AbortSignal.timeout(DEADLINE_MS),
    killSignal: 'SIGKILL',
  });
  const ended = once(child, 'close') as Promise<[number | null]>;
  // It may end before it has read anything; its exit code says why.
  child.stdin.on('error', () => undefined).end(input);
  const [[exitCode], said] = await Promise.all([ended, wholeText(child.stderr)]);
  return { exitCode, said };
}
