import { createHash } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { createGunzip, gunzip, gzip } from 'node:zlib';
import { flushDirectory, namesIn, systemErrorCode } from '../durable-file.js';
import { MOST_BYTES, openOwn, readOwn } from './own-file.js';

/** What a journal's name ends with, and what is added to that once it is compressed. */
export const JOURNAL = '.jsonl';
const COMPRESSED = '.gz';

/** The names of all journals in a folder, in order, as they are called uncompressed. */
export async function journalsIn(folder: string): Promise<string[]> {
  const names = (await namesIn(folder)).map((each) => (each.endsWith(COMPRESSED) ? each.slice(0, -3) : each));
  return [...new Set(names.filter((each) => each.endsWith(JOURNAL)))].sort();
}

/** All bytes of a journal, uncompressed. Throws what the system, or zlib, says. */
export function readJournalFile(folder: string, name: string): Promise<Buffer> {
  return whicheverIsThere(
    () => readCompressed(folder, name),
    () => readOwn(folder, name),
  );
}

async function readCompressed(folder: string, name: string): Promise<Buffer> {
  return await promisify(gunzip)(await readOwn(folder, name + COMPRESSED), { maxOutputLength: MOST_BYTES });
}

/** So much has the first record of a run, and more. */
const BEGINNING_BYTES = 64 << 10;

/** The first lines of a journal, some 64 KiB of them. */
export function readJournalBeginning(folder: string, name: string): Promise<Buffer> {
  return whicheverIsThere(
    async () => firstLines(await readCompressed(folder, name)),
    async () => {
      const file = await openOwn(folder, name);
      try {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(BEGINNING_BYTES), 0, BEGINNING_BYTES, 0);
        return firstLines(buffer.subarray(0, bytesRead));
      } finally {
        await file.close();
      }
    },
  );
}

const firstLines = (bytes: Buffer): Buffer => {
  const part = bytes.subarray(0, BEGINNING_BYTES);
  return part.subarray(0, part.lastIndexOf('\n') + 1);
};

/** The length and the SHA-256, in hex, of a journal's bytes, uncompressed. In pieces: nobody waits for a long one. */
export function digestOf(folder: string, name: string): Promise<{ bytes: number; sha256: string }> {
  return whicheverIsThere(
    async () => digested((await openOwn(folder, name + COMPRESSED)).createReadStream(), true),
    async () => digested((await openOwn(folder, name)).createReadStream(), false),
  );
}

async function digested(file: Readable, compressed: boolean): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  const plain = compressed ? file.on('error', (error) => plain.destroy(error)).pipe(createGunzip()) : file;
  for await (const chunk of plain as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** A journal is compressed while others look: it is there whole, in one form or the other. A copy may have both, and then the plain one is older. */
async function whicheverIsThere<T>(compressed: () => Promise<T>, plain: () => Promise<T>): Promise<T> {
  const ifThere = (error: unknown) => {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
  };
  return (await compressed().catch(ifThere)) ?? (await plain().catch(ifThere)) ?? (await compressed());
}

/** Puts a compressed file in the place of a journal that nobody writes to any more. Whatever happens, one of the two is there whole. */
export async function compress(path: string): Promise<void> {
  const draft = `${path}${COMPRESSED}.draft`;
  try {
    const bytes = await promisify(gzip)(await readOwn(dirname(path), basename(path)));
    const file = await open(draft, 'w', 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path + COMPRESSED);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw new Error(`${basename(path)} stays uncompressed: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  await flushDirectory(dirname(path));
  await rm(path, { force: true });
}
