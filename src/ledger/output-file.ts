import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import type { CapturedOutput } from './command-outcome.js';
import { RedactingStream } from './redaction.js';
import { cutAt } from './whole-characters.js';

/** The name of the n-th piece of the output's end while the command runs; only the last two are kept. */
export const tailName = (path: string, piece: number): string => `${path}.tail.${piece}`;

/** The line that stands for what was left out, at the beginning of a text. */
export const LEFT_OUT = /^\n\[(\d+) bytes left out here\]\n/;

/**
 * Keeps the beginning and the end of a stream, redacted, in at most `limitBytes` on disk (plus one line for what was left out), cut between
 * characters. The file
 * holds the beginning at once; the end is kept in two pieces that take turns and is appended by {@link end}. Never throws: a full disk must
 * not block the command; what could not be kept is told instead. Writes are synchronous, which holds the command back no more than a file.
 */
export class OutputFile {
  readonly #redaction: RedactingStream;
  readonly #headBytes: number;
  readonly #pieceBytes: number;
  readonly #fd: number | undefined;
  #bytes = 0;
  #headRoom: number;
  #piece = 0;
  #pieceFd: number | undefined;
  #pieceRoom = 0;
  #tailBytes = 0;
  #lost: string | undefined;
  #ended = false;
  /** The first bytes of a character whose others have yet to come. */
  #begun: Buffer = Buffer.alloc(0);

  constructor(
    readonly path: string,
    limitBytes: number,
    secrets: readonly string[],
  ) {
    this.#redaction = new RedactingStream(secrets);
    this.#headBytes = Math.ceil(limitBytes / 2);
    this.#pieceBytes = Math.floor(limitBytes / 4);
    this.#headRoom = this.#headBytes;
    this.#fd = this.#try(() => openSync(path, 'w', 0o600));
  }

  /** Takes the next bytes of the command; after {@link end} they go nowhere. */
  write(chunk: Buffer): void {
    if (this.#ended) return;
    this.#bytes += chunk.length;
    const bytes = Buffer.concat([this.#begun, this.#redaction.write(chunk)]);
    const whole = cutAt(bytes, bytes.length);
    this.#begun = bytes.subarray(whole);
    this.#keep(bytes.subarray(0, whole));
  }

  /** Completes the file. Call it once. */
  end(): CapturedOutput {
    this.#keep(Buffer.concat([this.#begun, this.#redaction.end()]));
    this.#ended = true;
    const kept = this.#appendTail();
    this.#close(this.#pieceFd);
    this.#close(this.#fd);
    const truncated = this.#tailBytes > kept;
    return {
      path: basename(this.path),
      bytes: this.#bytes,
      truncated,
      ...(this.#lost === undefined ? {} : { lost: this.#lost }),
    };
  }

  #keep(bytes: Buffer): void {
    const head = bytes.subarray(0, partFor(bytes, this.#headRoom));
    // A character that doesn't fit in belongs to the end, and so does all behind it.
    this.#headRoom = head.length < bytes.length ? 0 : this.#headRoom - head.length;
    this.#put(this.#fd, head);
    for (let rest = bytes.subarray(head.length); rest.length > 0;) {
      if (partFor(rest, this.#pieceRoom) === 0) this.#nextPiece();
      const part = rest.subarray(0, partFor(rest, this.#pieceRoom) || this.#pieceRoom);
      this.#put(this.#pieceFd, part);
      this.#pieceRoom -= part.length;
      this.#tailBytes += part.length;
      rest = rest.subarray(part.length);
    }
  }

  #nextPiece(): void {
    this.#close(this.#pieceFd);
    this.#piece += 1;
    this.#pieceRoom = this.#pieceBytes;
    // First remove, then create: so the two never take more than their share.
    this.#try(() => rmSync(tailName(this.path, this.#piece - 2), { force: true }));
    this.#pieceFd = this.#try(() => openSync(tailName(this.path, this.#piece), 'w', 0o600));
  }

  /** @returns how many bytes of the tail are kept */
  #appendTail(): number {
    if (this.#piece === 0) return 0;
    const pieces = [this.#piece - 1, this.#piece]
      .filter((piece) => piece > 0)
      .map((piece) => tailName(this.path, piece));
    let kept = 0;
    const parts = pieces.map((piece) => this.#try(() => readFileSync(piece)) ?? Buffer.alloc(0));
    for (const part of parts) kept += part.length;
    const leftOut = this.#tailBytes - kept;
    for (const piece of pieces) this.#try(() => rmSync(piece, { force: true }));
    if (leftOut > 0) this.#put(this.#fd, Buffer.from(`\n[${leftOut} bytes left out here]\n`));
    for (const part of parts) this.#put(this.#fd, part);
    return kept;
  }

  #put(fd: number | undefined, bytes: Buffer): void {
    if (fd === undefined) return;
    this.#try(() => {
      for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done);
    });
  }

  #close(fd: number | undefined): void {
    if (fd !== undefined) this.#try(() => closeSync(fd));
  }

  #try<T>(act: () => T): T | undefined {
    try {
      return act();
    } catch (error) {
      this.#lost ??= String(error);
      return undefined;
    }
  }
}

/** How many of these bytes a room takes without tearing a character. */
const partFor = (bytes: Buffer, room: number): number => (bytes.length <= room ? bytes.length : cutAt(bytes, room));
