import { bytesAt, pieceFile, piecesOf } from './output-pieces.js';
import { cutAt, firstWhole } from './whole-characters.js';

/** The last bytes of an output file as text, also while its command still runs. */
export async function outputTail(path: string, bytes: number): Promise<string> {
  let tail = Buffer.alloc(0);
  for (const piece of [0, ...(await piecesOf(path))].reverse()) {
    if (tail.length >= bytes) break;
    const file = pieceFile(path, piece);
    const size = (await bytesAt(file, 0, 0))?.size ?? 0;
    const from = Math.max(0, size - (bytes - tail.length));
    tail = Buffer.concat([(await bytesAt(file, from, size - from))?.bytes ?? Buffer.alloc(0), tail]);
  }
  return tail.subarray(firstWhole(tail), cutAt(tail, tail.length)).toString('utf8');
}
