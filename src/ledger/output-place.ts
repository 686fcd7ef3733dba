import { LEFT_OUT } from './output-file.js';
import { bytesAt, pieceFile, piecesOf } from './output-pieces.js';

/** How far somebody has read an output: plain data, so that it can travel. */
export interface OutputPlace {
  /** 0 is the output file itself; the others hold its end while the command runs. */
  readonly piece: number;
  /** Bytes of that piece that have been read. */
  readonly offset: number;
  /** Bytes of the output before this place, whether or not they were read. */
  readonly before: number;
  /** Bytes of the output file when its end went to pieces. */
  readonly head: number;
}

export const BEGINNING: OutputPlace = { piece: 0, offset: 0, before: 0, head: 0 };

export interface OutputPart {
  readonly bytes: Buffer;
  /** Where to go on. */
  readonly next: OutputPlace;
}

/** What a reader is given where output was left out before it came there. */
const GAP = Buffer.from('\n[some bytes left out here]\n');

/**
 * At most `most` bytes of an output from a place on, as the command wrote them (redacted); none when there are no more now. Follows it while the command
 * runs, also where its end is kept in pieces that take turns, and when it ends and they become one file with the beginning.
 */
export async function readOutputAt(path: string, place: OutputPlace, most: number): Promise<OutputPart> {
  for (let at = place; ;) {
    // Looked for first: what is followed by another piece is complete.
    const pieces = await piecesOf(path);
    if (at.piece > 0 && !pieces.includes(at.piece)) {
      const [first] = pieces;
      if (first !== undefined) return { bytes: GAP, next: await later(path, at, first, pieces) };
      const whole = await inWholeFile(path, at);
      if (!whole) return { bytes: Buffer.alloc(0), next: at };
      at = whole;
    }
    const found = await bytesAt(pieceFile(path, at.piece), at.offset, most);
    if (!found && at.piece > 0) continue; // it has just gone
    const bytes = found?.bytes ?? Buffer.alloc(0);
    if (bytes.length > 0)
      return { bytes, next: { ...at, offset: at.offset + bytes.length, before: at.before + bytes.length } };
    const following = pieces.find((piece) => piece > at.piece);
    if (following === undefined) return { bytes, next: at };
    // A gap is told when it is found that the piece in between is gone.
    const head = at.piece === 0 ? at.offset : at.head;
    at = { piece: at.piece + 1, offset: 0, before: at.before, head };
  }
}

/** The place `bytes` before the end of what is there now. */
export async function placeBeforeEnd(path: string, bytes: number): Promise<OutputPlace> {
  const pieces = await piecesOf(path);
  const sizes = await Promise.all([0, ...pieces].map((piece) => sizeOf(path, piece)));
  let behind = 0;
  for (const [index, piece] of [...[0, ...pieces].entries()].reverse()) {
    const size = sizes[index] ?? 0;
    if (behind + size >= bytes || piece === 0) {
      const offset = Math.max(0, size - (bytes - behind));
      if (piece === 0) return { ...BEGINNING, offset, before: offset };
      const head = sizes[0] ?? 0;
      const start = await later(path, { piece: 1, offset: 0, before: head, head }, piece, pieces);
      return { ...start, offset, before: start.before + offset };
    }
    behind += size;
  }
  return BEGINNING;
}

/** The beginning of a later piece. Those that are gone were as long as one that is full, but for the bytes of a character that didn't fit. */
async function later(path: string, at: OutputPlace, piece: number, pieces: readonly number[]): Promise<OutputPlace> {
  const full = await sizeOf(path, pieces[0] ?? piece);
  const before = at.before - at.offset + (piece - at.piece) * full;
  return { piece, offset: 0, before, head: at.head };
}

/** Where a place in a piece has come to lie now that there are no pieces any more; undefined while they are still being put together. */
async function inWholeFile(path: string, { before, head }: OutputPlace): Promise<OutputPlace | undefined> {
  const found = await bytesAt(path, head, 100);
  const [mark, leftOut] = LEFT_OUT.exec(found?.bytes.toString('latin1') ?? '') ?? [''];
  const begins = head + mark.length;
  // What was left out and not read is told by the mark.
  const offset = leftOut === undefined ? before : begins + before - head - Number(leftOut);
  if (offset < begins) return { ...BEGINNING, offset: head, before: head };
  return offset > (found?.size ?? 0) ? undefined : { ...BEGINNING, offset, before: offset };
}

const sizeOf = async (path: string, piece: number): Promise<number> =>
  (await bytesAt(pieceFile(path, piece), 0, 0))?.size ?? 0;
