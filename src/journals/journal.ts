import { createHash } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { namesIn, createDirectory } from '../durable-file.js';
import type { JournalHeader, Lost, Seal } from '../domain/evidence/record.js';

/** What a journal's file name ends with. */
export const JOURNAL = '.jsonl';

export interface JournalOptions {
  /** The folder of the run's evidence, and the one that it is made in. */
  readonly base: string;
  readonly folder: string;
  /** What its file names begin with: `decided`, `seen`. */
  readonly name: string;
  readonly header: Omit<JournalHeader, 'kind' | 'at' | 'after'>;
  /** Told once for each time that writing begins to fail. */
  readonly failing: (error: unknown) => void;
}

/** How long records may wait for others, and lines for a seal, in milliseconds. */
const WRITE_WITHIN_MS = 250;
const SEAL_WITHIN_MS = 10_000;
/** A file gets no longer than this; the next one goes on. */
const MOST_BYTES = 8 << 20;
/** So much waits while nothing can be written. */
const MOST_WAITING_BYTES = 4 << 20;

/**
 * One writer's records of one run: lines of JSON, appended as they come, sealed every few seconds and after what matters. A file belongs to one
 * process and is never written to by another; whatever happens to it, the next one begins anew. Adding never throws and never waits.
 */
export class Journal {
  #file: string | undefined;
  #bytes = 0;
  /** Of the seal before, and what came since. */
  #sealed = '';
  #unsealed = '';
  #waiting: string[] = [];
  #waitingBytes = 0;
  #lost = 0;
  #why = '';
  #timer: NodeJS.Timeout | undefined;
  #sealTimer: NodeJS.Timeout | undefined;
  #urgent = false;
  #writing: Promise<void> = Promise.resolve();

  constructor(private readonly options: JournalOptions) {}

  /** @param record JSON without a line end. @param matters it is sealed and flushed to the disk at once */
  add(record: string, matters = false): void {
    if (this.#waitingBytes > MOST_WAITING_BYTES) {
      this.#lost += 1;
      return;
    }
    this.#waiting.push(`${record}\n`);
    this.#waitingBytes += record.length;
    this.#urgent ||= matters;
    if (matters && this.#timer) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
    this.#timer ??= setTimeout(() => void this.flush(), matters ? 0 : WRITE_WITHIN_MS).unref();
  }

  /** Settles when all that was added is written, or could not be. Never rejects. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return (this.#writing = this.#writing.then(() => this.#write()));
  }

  /** The same, and seals it. */
  seal(): Promise<void> {
    clearTimeout(this.#sealTimer);
    this.#sealTimer = undefined;
    this.#urgent = true;
    return this.flush();
  }

  async #write(): Promise<void> {
    const lines = this.#waiting.splice(0);
    const urgent = this.#urgent;
    const bytes = this.#waitingBytes;
    this.#waitingBytes = 0;
    this.#urgent = false;
    if (lines.length === 0 && !(urgent && this.#unsealed !== '')) return;
    try {
      const at = new Date();
      const begins = this.#file === undefined ? [await this.#begin(at)] : [];
      const lost: Lost[] =
        this.#lost > 0 ? [{ kind: 'lost', at: at.toISOString(), records: this.#lost, why: this.#why }] : [];
      let text = [...begins, ...lost.map((each) => `${JSON.stringify(each)}\n`), ...lines].join('');
      this.#unsealed += text;
      if (urgent || this.#bytes + text.length > MOST_BYTES) {
        const sha256 = sealOf(this.#sealed, this.#unsealed);
        text += `${JSON.stringify({ kind: 'seal', sha256 } satisfies Seal)}\n`;
        this.#sealed = sha256;
        this.#unsealed = '';
      }
      await append(join(this.options.folder, this.#file as string), text, urgent);
      this.#bytes += Buffer.byteLength(text);
      this.#lost = 0;
      this.#why = '';
      if (this.#bytes > MOST_BYTES) this.#file = undefined;
      if (this.#unsealed !== '') this.#sealTimer ??= setTimeout(() => void this.seal(), SEAL_WITHIN_MS).unref();
    } catch (error) {
      // What of it is on the disk nobody knows: another file goes on.
      this.#file = undefined;
      if (this.#why === '') this.options.failing(error);
      this.#why = error instanceof Error ? error.message : String(error);
      if (this.#waitingBytes + bytes > MOST_WAITING_BYTES) this.#lost += lines.length;
      else {
        this.#waiting.unshift(...lines);
        this.#waitingBytes += bytes;
        this.#urgent ||= urgent;
      }
      this.#timer ??= setTimeout(() => void this.flush(), SEAL_WITHIN_MS).unref();
    }
  }

  /** A new file, which names those that are there. */
  async #begin(at: Date): Promise<string> {
    const { base, folder, name, header } = this.options;
    await createDirectory(base, folder);
    const after = await Promise.all(
      (await namesIn(folder))
        .filter((each) => each.endsWith(JOURNAL))
        .map(async (file) => {
          const text = await readFile(join(folder, file));
          return { file, bytes: text.length, sha256: createHash('sha256').update(text).digest('hex') };
        }),
    );
    this.#file = `${name}-${at.toISOString().replaceAll(/[-:.]/g, '')}-${header.writer.pid}${JOURNAL}`;
    this.#bytes = 0;
    this.#sealed = '';
    this.#unsealed = '';
    const { schema, ...rest } = header;
    const first: JournalHeader = { kind: 'journal', schema, at: at.toISOString(), ...rest, after };
    return `${JSON.stringify(first)}\n`;
  }
}

/** SHA-256, in hex, of the seal before and the lines since. */
export function sealOf(before: string, lines: string): string {
  return createHash('sha256').update(before).update(lines).digest('hex');
}

async function append(path: string, text: string, durable: boolean): Promise<void> {
  const file = await open(path, 'a', 0o600);
  try {
    await file.appendFile(text);
    if (durable) await file.datasync();
  } finally {
    await file.close();
  }
}
