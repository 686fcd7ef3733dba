import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { namesIn, systemErrorCode } from '../durable-file.js';
import { tailName } from './output-file.js';

/** The numbers of the pieces that hold the end of an output while its command runs, in order. */
export async function piecesOf(path: string): Promise<number[]> {
  const prefix = basename(tailName(path, 0)).slice(0, -1);
  return (await namesIn(dirname(path)))
    .flatMap((name) => (name.startsWith(prefix) ? [Number(name.slice(prefix.length))] : []))
    .sort((one, other) => one - other);
}

/** The file of a piece; 0 is the output file itself. */
export const pieceFile = (path: string, piece: number): string =>
  piece === 0 ? path : tailName(join(dirname(path), basename(path)), piece);

/** At most so many bytes from an offset on, with the size the file has; undefined when it isn't there: a piece may vanish while the command goes on writing. */
export async function bytesAt(
  path: string,
  offset: number,
  most: number,
): Promise<{ readonly bytes: Buffer; readonly size: number } | undefined> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const buffer = Buffer.alloc(Math.max(0, Math.min(size - offset, most)));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, offset);
      return { bytes: buffer.subarray(0, bytesRead), size };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
