import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import proto from '@temporalio/proto';

/** The recorded histories, a folder for each version of golive that made them. */
export const HISTORIES = 'test/histories';
const DIGESTS = path.join(HISTORIES, 'digests.json');

/** Each recorded file, `<version>/<way>.binpb`. */
export async function recordedFiles(): Promise<string[]> {
  const files = await readdir(HISTORIES, { recursive: true });
  return files.filter((name) => name.endsWith('.binpb')).sort();
}

export async function recordedHistory(file: string): Promise<proto.temporal.api.history.v1.IHistory> {
  return proto.temporal.api.history.v1.History.decode(await readFile(path.join(HISTORIES, file)));
}

/** The digest of each file as it was recorded. */
export async function readDigests(): Promise<Record<string, string>> {
  return JSON.parse(await readFile(DIGESTS, 'utf8').catch(() => '{}')) as Record<string, string>;
}

export async function writeDigests(digests: Readonly<Record<string, string>>): Promise<void> {
  await writeFile(DIGESTS, `${JSON.stringify(digests, undefined, 2)}\n`);
}

/** SHA-256, in hexadecimal. */
export const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
