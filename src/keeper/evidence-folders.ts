import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { namesIn } from '../durable-file.js';
import type { DecidedRecord } from '../domain/evidence/record.js';
import { journalsIn, readJournalFile } from '../journals/journal-files.js';
import { placeOf, type OfRun } from '../journals/place.js';
import { readJournal } from '../journals/read-journals.js';

/** Where the evidence of a run lies. */
export interface EvidenceFolder extends OfRun {
  readonly folder: string;
}

/** Finds the runs whose evidence lies in a folder. What was found once isn't read again. */
export class EvidenceFolders {
  readonly #known = new Map<string, OfRun>();

  constructor(private readonly base: string) {}

  /** All that are there now. One whose journals all lack their first line is left out, and so is one in a folder that isn't its own. */
  async all(): Promise<EvidenceFolder[]> {
    const found: EvidenceFolder[] = [];
    for (const workflow of await namesIn(this.base))
      for (const run of await directoriesIn(join(this.base, workflow))) {
        const folder = join(this.base, workflow, run);
        const of = this.#known.get(folder) ?? (await runOf(folder));
        if (!of || placeOf(this.base, of) !== folder) continue;
        this.#known.set(folder, of);
        found.push({ ...of, folder });
      }
    return found;
  }
}

async function directoriesIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries.flatMap((each) => (each.isDirectory() ? [each.name] : []));
}

async function runOf(folder: string): Promise<OfRun | undefined> {
  for (const file of await journalsIn(folder)) {
    const header = await readJournalFile(folder, file).then(
      (bytes) => readJournal(file, bytes.subarray(0, bytes.indexOf('\n') + 1)).header,
      () => undefined,
    );
    if (header) return { workflowId: header.workflowId, runId: header.runId };
  }
  return undefined;
}

/** Whether the end of the run and all before it is among them. */
export const isWhole = (decided: readonly DecidedRecord[]): boolean =>
  decided.at(-1)?.kind === 'end' && decided.at(-1)?.n === decided.length - 1;

/** How many bytes all files of a folder have, and when it was made, epoch milliseconds. */
export async function sizeOf(folder: string): Promise<{ bytes: number; begunAt: number }> {
  const names = await readdir(folder, { recursive: true });
  const sizes = await Promise.all(
    names.map((name) =>
      lstat(join(folder, name)).then(
        (file) => (file.isFile() ? file.size : 0),
        () => 0,
      ),
    ),
  );
  return { bytes: sizes.reduce((sum, each) => sum + each, 0), begunAt: (await stat(folder)).birthtimeMs };
}
