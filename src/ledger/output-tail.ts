import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { namesIn, systemErrorCode } from '../durable-file.js';
import { tailName } from './output-file.js';
import { cutAt, firstWhole } from './whole-characters.js';

/** The last bytes of an output file as text, also while its command still runs. */
export async function outputTail(path: string, bytes: number): Promise<string> {
  const prefix = basename(tailName(path, 0)).slice(0, -1);
  const pieces = (await namesIn(dirname(path))).flatMap((name) =>
    name.startsWith(prefix) ? [Number(name.slice(prefix.length))] : [],
  );
  const files = [
    path,
    ...pieces.sort((one, other) => one - other).map((piece) => tailName(join(dirname(path), basename(path)), piece)),
  ];
  let tail = Buffer.alloc(0);
  for (const file of files.reverse()) {
    if (tail.length < bytes) tail = Buffer.concat([await lastBytes(file, bytes - tail.length), tail]);
  }
  return tail.subarray(firstWhole(tail), cutAt(tail, tail.length)).toString('utf8');
}

/** A piece may vanish while the command goes on writing: then there is nothing in it to show. */
async function lastBytes(path: string, bytes: number): Promise<Buffer> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const buffer = Buffer.alloc(Math.min(size, bytes));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, size - buffer.length);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}
