import { readFile } from 'node:fs/promises';
import type { Keys } from '../../receiver/authentication.js';
import { CliError } from '../exit/cli-error.js';
import { EXIT } from '../exit/exit-codes.js';

export interface KeyOptions {
  readonly tokenFile?: string;
  readonly hmacKeyFile?: string;
  readonly signatureHeader: string;
  readonly timestampHeader: string;
}

/** Shorter ones can be guessed. */
const SHORTEST = 16;
const TOKEN = /^[A-Za-z0-9._~+/-]+=*$/;

/** What senders have to show, from files or the environment. Throws a {@link CliError} that never has the secret in it. */
export async function receiverKeys(
  { tokenFile, hmacKeyFile, signatureHeader, timestampHeader }: KeyOptions,
  env: NodeJS.ProcessEnv,
): Promise<Keys> {
  const token = await secretFrom('--token-file', tokenFile, 'GOLIVE_RECEIVE_TOKEN', env);
  const hmacKey = await secretFrom('--hmac-key-file', hmacKeyFile, 'GOLIVE_RECEIVE_HMAC_KEY', env);
  if (token !== undefined && !TOKEN.test(token))
    throw new CliError(
      EXIT.usage,
      'The bearer token has characters that no header can carry. Make one with: openssl rand -hex 32',
    );
  return {
    ...(token === undefined ? {} : { token }),
    ...(hmacKey === undefined ? {} : { hmacKey }),
    signatureHeader: headerName(signatureHeader),
    timestampHeader: headerName(timestampHeader),
  };
}

/** A file that was named has to hold a secret: an empty one must not mean that none is asked for. A variable set to nothing is not set. */
async function secretFrom(
  option: string,
  file: string | undefined,
  variable: string,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const named = file === undefined ? variable : `${option} ${file}`;
  const secret = file === undefined ? env[variable] || undefined : (await content(option, file)).trim();
  if (secret !== undefined && secret.length < SHORTEST)
    throw new CliError(
      EXIT.usage,
      `The secret in ${named} has ${secret.length} characters; expected at least ${SHORTEST}. Make one with: openssl rand -hex 32`,
    );
  return secret;
}

async function content(option: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CliError(EXIT.usage, `The file of ${option} can't be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function headerName(text: string): string {
  if (/^[A-Za-z0-9-]+$/.test(text)) return text.toLowerCase();
  throw new CliError(
    EXIT.usage,
    `"${text}" is not the name of a header. Write one such as X-Grafana-Alerting-Signature.`,
  );
}
