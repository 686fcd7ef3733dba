import { createHash } from 'node:crypto';
import type { DecidedRecord, JournalHeader, Lost, Seal, SeenRecord } from '../domain/evidence/record.js';
import { inOrder } from '../domain/evidence/in-order.js';
import { isWholeLine } from '../domain/evidence/whole-record.js';
import { journalsIn, readJournalFile } from './journal-files.js';
import { sealOf } from './journal-file.js';

export type Line = DecidedRecord | SeenRecord | JournalHeader | Seal | Lost;

/** One journal as it was found. */
export interface ReadJournal {
  readonly file: string;
  readonly header?: JournalHeader;
  /** Its records in the order they were written, without seals; of a line that can't be read there is none. */
  readonly records: readonly (DecidedRecord | SeenRecord | Lost)[];
  /** How many seals it has. */
  readonly seals: number;
  /** What is wrong with it, in words: cut off, changed, not sealed. */
  readonly faults: readonly Fault[];
}

/** `cut`: what a writer that died leaves behind; nothing but its last moments is missing. `changed`: somebody has touched it. */
export interface Fault {
  readonly kind: 'cut' | 'changed' | 'missing' | 'lost';
  readonly file: string;
  readonly text: string;
}

/** All journals of one run's folder, and what is wrong with them. Never throws for what is in a file. */
export async function readJournals(folder: string): Promise<{ journals: ReadJournal[]; faults: Fault[] }> {
  const files: { file: string; text: Buffer }[] = [];
  const faults: Fault[] = [];
  const names = await journalsIn(folder).catch((error: unknown) => {
    faults.push({ kind: 'changed', file: folder, text: `its folder can't be read: ${(error as Error).message}` });
    return [];
  });
  for (const file of names)
    try {
      files.push({ file, text: await readJournalFile(folder, file) });
    } catch (error) {
      faults.push({ kind: 'changed', file, text: `${file} can't be read: ${(error as Error).message}` });
    }
  const journals = files.map(({ file, text }) => readJournal(file, text));
  faults.push(...journals.flatMap((each) => each.faults));
  for (const { file: by, header } of journals)
    for (const { file, bytes, sha256 } of header?.after ?? []) {
      const found = files.find((each) => each.file === file);
      if (!found && !faults.some((each) => each.file === file))
        faults.push({ kind: 'missing', file, text: `${file} is missing: ${by} has seen it` });
      else if (found && createHash('sha256').update(found.text.subarray(0, bytes)).digest('hex') !== sha256)
        faults.push({ kind: 'changed', file, text: `${file} was changed after ${by} had seen it` });
    }
  return { journals, faults: [...new Map(faults.map((each) => [each.text, each])).values()] };
}

/** One journal. `bytes`: the whole file. */
export function readJournal(file: string, bytes: Uint8Array): ReadJournal {
  const text = Buffer.from(bytes).toString('utf8');
  const lines = text.split('\n');
  const faults: Fault[] = [];
  const fault = (kind: Fault['kind'], what: string) => faults.push({ kind, file, text: `${file}: ${what}` });
  const tail = lines.pop() ?? '';
  // A writer that died leaves the beginning of a line, or all of it without its end.
  if (lineOf(tail.slice(0, -1))) fault('changed', 'its last byte is not the end of a line');
  else if (tail !== '') fault('cut', `its last line is cut off after ${Buffer.byteLength(tail)} bytes`);
  let header: JournalHeader | undefined;
  let seal = '';
  let since = '';
  let seals = 0;
  let broken = false;
  const records: ReadJournal['records'][number][] = [];
  lines.forEach((line, index) => {
    const read = lineOf(line);
    if (read?.kind === 'seal') {
      if (!broken && sealOf(seal, since) !== read.sha256) {
        broken = true;
        fault('changed', `what is before line ${index + 1} isn't what was sealed there`);
      }
      seals += 1;
      seal = read.sha256;
      since = '';
      return;
    }
    since += `${line}\n`;
    if (!read) return void fault('changed', `line ${index + 1} can't be read`);
    if (read.kind === 'journal') {
      header ??= read;
      return;
    }
    if (read.kind === 'lost') fault('lost', `${read.records ?? 'some'} records could not be written: ${read.why}`);
    records.push(read);
  });
  if (!header) fault('cut', 'it has no first line');
  if (since !== '' && tail === '') fault('cut', `its last ${since.split('\n').length - 1} lines have no seal`);
  return { file, ...(header ? { header } : {}), records, seals, faults };
}

/** Nothing for one that isn't JSON, or lacks a part of its kind: behind this all parts are there. */
function lineOf(line: string): Line | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isWholeLine(value) ? (value as Line) : undefined;
  } catch {
    return undefined;
  }
}

/** What of a run's decisions is on record here, by their places in its order, each as `digest` has it. */
export async function decidedBefore(folder: string, digest: (record: string) => string): Promise<Map<number, string>> {
  const before = new Map<number, string>();
  for (const name of (await journalsIn(folder)).filter((each) => each.startsWith('decided-')))
    for (const line of (await readJournalFile(folder, name).catch(() => '')).toString().split('\n')) {
      const end = /,"n":(\d+)\}$/.exec(line);
      if (end) before.set(Number(end[1]), digest(`${line.slice(0, end.index)}}`));
    }
  return before;
}

/** The journals of what a run has decided. Of one that can't be read there is nothing. */
export async function decidedJournals(folder: string): Promise<ReadJournal[]> {
  const journals: ReadJournal[] = [];
  for (const file of (await journalsIn(folder)).filter((each) => each.startsWith('decided-')))
    journals.push(readJournal(file, await readJournalFile(folder, file).catch(() => Buffer.alloc(0))));
  return journals;
}

/** What a run has decided, as far as it is here, in its order. What can't be read is left out. */
export const decidedIn = async (folder: string): Promise<DecidedRecord[]> => decisionsOf(await decidedJournals(folder));

/** The same of journals that were read. */
export const decisionsOf = (journals: readonly ReadJournal[]): DecidedRecord[] =>
  inOrder(journals.flatMap(({ records }) => records).filter((each): each is DecidedRecord => 'n' in each));
