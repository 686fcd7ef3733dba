import { basename, join } from 'node:path';
import { namesIn } from '../durable-file.js';
import { journalsIn, readJournalBeginning } from './journal-files.js';
import { asName } from './place.js';
import { decidedIn, readJournal } from './read-journals.js';

/** A go-live of which evidence is kept, as far as the beginnings of its journals tell: of years of them nobody reads all to find one. */
export interface KeptGoLive {
  readonly workflowId: string;
  readonly firstRunId: string;
  /** When it began, ISO; empty where that is not on record. */
  readonly beganAt: string;
  /** Its runs, the first one first, each with the folders of all hosts. */
  readonly runs: readonly KeptRun[];
}

interface KeptRun {
  readonly runId: string;
  readonly firstRunId: string;
  readonly beganAt: string;
  readonly folders: readonly string[];
}

/** The go-lives of a workflow ID that are kept in a folder, or in the folders of several hosts; the oldest first, none if there is none. */
export async function goLivesIn(folder: string | readonly string[], workflowId: string): Promise<KeptGoLive[]> {
  const byName = new Map<string, string[]>();
  for (const of of [folder].flat().map((each) => join(each, asName(workflowId))))
    for (const name of await namesIn(of)) byName.set(name, [...(byName.get(name) ?? []), join(of, name)]);
  const byFirst = new Map<string, KeptRun[]>();
  for (const folders of byName.values()) {
    const run = await runOf(folders);
    byFirst.set(run.firstRunId, [...(byFirst.get(run.firstRunId) ?? []), run]);
  }
  return [...byFirst]
    .map(([firstRunId, all]) => {
      const runs = all.sort(byBeginning);
      return { workflowId, firstRunId, beganAt: runs[0]?.beganAt ?? '', runs };
    })
    .sort(byBeginning);
}

async function runOf(folders: readonly string[]): Promise<KeptRun> {
  const journals = (await Promise.all(folders.map(beginnings))).flat();
  const headers = journals.flatMap(({ header }) => (header ? [header] : []));
  const [first] = headers.sort((a, b) => (a.at < b.at ? -1 : 1));
  const runId = first?.runId ?? basename(folders[0] ?? '');
  const records = journals.flatMap((each) => each.records);
  const run =
    records.find((each) => each.kind === 'run') ??
    (await Promise.all(folders.map((each) => decidedIn(each).catch(() => [])))).flat()[0];
  return {
    runId,
    firstRunId: run?.kind === 'run' ? run.firstRunId : runId,
    beganAt: run?.at ?? first?.at ?? '',
    folders,
  };
}

/** What is wrong with a journal is told when it is read whole. */
async function beginnings(folder: string) {
  const names = await journalsIn(folder).catch(() => []);
  const read = names.map(async (name) => readJournal(name, await readJournalBeginning(folder, name)));
  return (await Promise.allSettled(read)).flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
}

const byBeginning = (a: { readonly beganAt: string }, b: { readonly beganAt: string }): number =>
  a.beganAt < b.beganAt ? -1 : 1;
