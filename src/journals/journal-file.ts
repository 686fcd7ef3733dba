import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, truncate, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Seal } from '../domain/evidence/record.js';
import { flushDirectory, systemErrorCode } from '../durable-file.js';

const { O_APPEND, O_CREAT, O_EXCL, O_WRONLY } = constants;

/** One file of a journal, made with its first lines: of what is appended all is in it or nothing, whatever the disk says. */
export class JournalFile {
  #bytes = 0;
  #all = createHash('sha256');
  /** The seal before, and what came since. */
  #sealed = '';
  #unsealed = '';
  #broken = false;

  constructor(
    readonly folder: string,
    readonly name: string,
    private readonly firstLine: string,
  ) {}

  get bytes(): number {
    return this.#bytes;
  }
  get isUnsealed(): boolean {
    return this.#unsealed !== '';
  }
  /** What is in it nobody knows: another file has to go on. */
  get isBroken(): boolean {
    return this.#broken;
  }
  get path(): string {
    return join(this.folder, this.name);
  }
  /** Of all its bytes. */
  digest(): { file: string; bytes: number; sha256: string } {
    return { file: this.name, bytes: this.#bytes, sha256: this.#all.copy().digest('hex') };
  }

  /** @param seal what was not sealed yet is, and it is on the disk when this settles. Throws what the system says; then nothing of it is in the file. */
  async append(lines: string, seal: boolean): Promise<void> {
    const isNew = this.#bytes === 0;
    const added = isNew ? this.firstLine + lines : lines;
    const since = this.#unsealed + added;
    const sha256 = seal ? sealOf(this.#sealed, since) : '';
    const text = seal ? `${added}${JSON.stringify({ kind: 'seal', sha256 } satisfies Seal)}\n` : added;
    try {
      await write(this.path, text, isNew, seal);
      if (isNew) await flushDirectory(this.folder);
    } catch (error) {
      await this.#undo(error).catch(() => (this.#broken = true));
      throw error;
    }
    this.#bytes += Buffer.byteLength(text);
    this.#all.update(text);
    if (seal) this.#sealed = sha256;
    this.#unsealed = seal ? '' : since;
  }

  async #undo(error: unknown): Promise<void> {
    if (this.#bytes > 0) return await truncate(this.path, this.#bytes);
    this.#broken = true;
    // One of this name that was there is somebody else's.
    if (systemErrorCode(error) !== 'EEXIST') await rm(this.path, { force: true });
  }
}

/** SHA-256, in hex, of the seal before and the lines since. */
export function sealOf(before: string, lines: string): string {
  return createHash('sha256').update(before).update(lines).digest('hex');
}

async function write(path: string, text: string, isNew: boolean, durable: boolean): Promise<void> {
  const file = await open(path, O_WRONLY | O_APPEND | (isNew ? O_CREAT | O_EXCL : 0), 0o600);
  try {
    await file.appendFile(text);
    if (durable) await file.datasync();
  } finally {
    await file.close();
  }
}
