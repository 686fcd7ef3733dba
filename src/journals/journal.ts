import type { JournalHeader, Lost } from '../domain/evidence/record.js';
import { createDirectory } from '../durable-file.js';
import { inTurn } from './in-turn.js';
import { compress, digestOf, journalsIn, JOURNAL } from './journal-files.js';
import { JournalFile } from './journal-file.js';

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
/** A file gets no longer than this; it is compressed then, and the next one goes on. */
const MOST_BYTES = 8 << 20;
/** So much waits while nothing can be written; of what matters twice as much. */
const MOST_WAITING_BYTES = 4 << 20;

/**
 * One writer's records of one run: lines of JSON, appended as they come, sealed every few seconds and after what matters. A file belongs to one
 * process and is never written to by another; whatever happens to it, the next one begins anew. Adding never throws and never waits.
 */
export class Journal {
  #file: JournalFile | undefined;
  /** Its own files that are closed. */
  readonly #closed: JournalHeader['after'][number][] = [];
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
    if (this.#waitingBytes > (matters ? 2 : 1) * MOST_WAITING_BYTES) {
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
    return (this.#writing = this.#writing.then(() => inTurn(() => this.#write())));
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
    const [urgent, bytes, losing] = [this.#urgent, this.#waitingBytes, this.#lost];
    this.#waitingBytes = 0;
    this.#urgent = false;
    if (lines.length === 0 && losing === 0 && !(urgent && this.#file?.isUnsealed)) return;
    try {
      const file = (this.#file ??= await this.#begin(new Date()));
      const isFull = file.bytes + bytes > MOST_BYTES;
      await file.append([...lines, ...lostLine(losing, this.#why)].join(''), urgent || isFull);
      this.#lost -= losing;
      this.#why = '';
      if (isFull) this.#close(file);
      else if (file.isUnsealed) this.#sealTimer ??= setTimeout(() => void this.seal(), SEAL_WITHIN_MS).unref();
    } catch (error) {
      if (this.#file?.isBroken) this.#file = undefined;
      if (this.#why === '') this.options.failing(error);
      this.#why = error instanceof Error ? error.message : String(error);
      this.#waiting.unshift(...lines);
      this.#waitingBytes += bytes;
      this.#urgent ||= urgent;
      this.#timer ??= setTimeout(() => void this.flush(), SEAL_WITHIN_MS).unref();
    }
  }

  #close(file: JournalFile): void {
    this.#file = undefined;
    this.#closed.push(file.digest());
    this.#writing = this.#writing.then(() => inTurn(() => compress(file.path))).catch(this.options.failing);
  }

  /** A new file, which names those that are there. */
  async #begin(at: Date): Promise<JournalFile> {
    const { base, folder, name, header } = this.options;
    await createDirectory(base, folder);
    const after: JournalHeader['after'][number][] = [...this.#closed];
    for (const file of await journalsIn(folder))
      if (!after.some((each) => each.file === file)) {
        // One that can't be read is told by who reads them.
        const found = await digestOf(folder, file).catch(() => undefined);
        if (found) after.push({ file, ...found });
      }
    const { schema, ...rest } = header;
    const first: JournalHeader = { kind: 'journal', schema, at: at.toISOString(), ...rest, after };
    const stamp = at.toISOString().replaceAll(/[-:.]/g, '');
    return new JournalFile(folder, `${name}-${stamp}-${header.writer.pid}${JOURNAL}`, `${JSON.stringify(first)}\n`);
  }
}

function lostLine(records: number, why: string): string[] {
  if (records === 0) return [];
  const lost: Lost = {
    kind: 'lost',
    at: new Date().toISOString(),
    records,
    why: why || 'more came than could be written',
  };
  return [`${JSON.stringify(lost)}\n`];
}
