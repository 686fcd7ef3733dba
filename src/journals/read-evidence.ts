import { basename } from 'node:path';
import type { DecidedRecord, Lost, SeenRecord } from '../domain/evidence/record.js';
import type { Plan } from '../domain/plan/plan.js';
import { inOrder } from '../domain/evidence/in-order.js';
import type { KeptGoLive } from './go-lives.js';
import { asName } from './place.js';
import { readJournals, type Fault, type ReadJournal } from './read-journals.js';

/** What is kept of one Temporal run. */
export interface RunEvidence {
  readonly workflowId: string;
  readonly runId: string;
  /** The first run of the go-live that it belongs to: a long one goes on as another run. */
  readonly firstRunId: string;
  readonly folder: string;
  /** All that it was read from. */
  readonly folders: readonly string[];
  /** In the run's order; of what was decided twice the later one counts. */
  readonly decided: readonly DecidedRecord[];
  /** In the order they were written, journal after journal. */
  readonly seen: readonly SeenRecord[];
  readonly journals: readonly ReadJournal[];
  /** What is wrong with the journals, or missing. */
  readonly faults: readonly Fault[];
}

/** One go-live: its runs, the first one first. */
export interface GoLiveEvidence {
  readonly workflowId: string;
  readonly firstRunId: string;
  /** When it began, ISO. */
  readonly beganAt: string;
  readonly runs: readonly RunEvidence[];
  /** All that its runs have decided, and seen, in order. */
  readonly decided: readonly DecidedRecord[];
  readonly seen: readonly SeenRecord[];
  /** The one it was frozen to; none when it was refused before that, or that record is missing. */
  readonly plan?: Plan;
  readonly planHash?: string;
  readonly faults: readonly Fault[];
}

/** The evidence of one go-live, whole. Throws only for what can't be read at all. */
export async function readGoLive({ workflowId, runs }: KeptGoLive): Promise<GoLiveEvidence> {
  const read: RunEvidence[] = [];
  for (const { folders } of runs) read.push(await readRun(folders, workflowId));
  return asGoLive(read);
}

async function readRun(folders: readonly string[], workflowId: string): Promise<RunEvidence> {
  const [folder = ''] = folders;
  const read = await Promise.all(folders.map((each) => readJournals(each)));
  const journals = oneOfEach(read.flatMap((each) => each.journals));
  const faults = read.flatMap((each) => each.faults);
  const header = journals.find((each) => each.header)?.header;
  const records = journals.flatMap((each): readonly (DecidedRecord | SeenRecord | Lost)[] => each.records);
  const decided = inOrder(records.filter((each) => 'n' in each));
  const seen = records.filter((each): each is SeenRecord => !('n' in each) && each.kind !== 'lost');
  const [first] = decided;
  const runId = header?.runId ?? basename(folder);
  return {
    workflowId: header?.workflowId ?? workflowId,
    runId,
    firstRunId: first?.kind === 'run' ? first.firstRunId : runId,
    folder,
    folders,
    decided,
    seen,
    journals,
    faults: [...faults, ...strangers(journals, folder, workflowId), ...gaps(decided, folder)],
  };
}

/** Journals in the order they were begun, whichever host did; of one that was found twice, such as in a copy, the longer. */
function oneOfEach(journals: readonly ReadJournal[]): ReadJournal[] {
  const byWriter = new Map<string, ReadJournal>();
  for (const journal of journals) {
    const key = `${journal.header?.writer.host} ${journal.file}`;
    const before = byWriter.get(key);
    if (!before || before.records.length < journal.records.length) byWriter.set(key, journal);
  }
  const begun = ({ header }: ReadJournal) => header?.at ?? '';
  return [...byWriter.values()].sort((a, b) => (begun(a) < begun(b) ? -1 : begun(a) > begun(b) ? 1 : 0));
}

/** Journals that were written for another run than that of their folder: somebody has put them there. */
function strangers(journals: readonly ReadJournal[], folder: string, workflowId: string): Fault[] {
  return journals.flatMap(({ file, header }): Fault[] =>
    !header || (asName(header.runId) === basename(folder) && header.workflowId === workflowId)
      ? []
      : [
          {
            kind: 'changed',
            file,
            text: `${file} was written for ${header.workflowId}, run ${header.runId}, and not for this one`,
          },
        ],
  );
}

/** Places in the run's order of which there is no record. */
function gaps(decided: readonly DecidedRecord[], file: string): Fault[] {
  const missing = decided.reduce((sum, { n }, index) => sum + n - (decided[index - 1]?.n ?? -1) - 1, 0);
  return missing === 0
    ? []
    : [{ kind: 'missing', file, text: `${missing} records of what the run decided are missing` }];
}

function asGoLive(runs: readonly RunEvidence[]): GoLiveEvidence {
  const ordered = [...runs].sort(byBeginning);
  const [first] = ordered;
  const decided = ordered.flatMap((run) => run.decided);
  const plan = decided.find((each) => each.kind === 'plan');
  return {
    workflowId: first?.workflowId ?? '',
    firstRunId: first?.firstRunId ?? '',
    beganAt: first ? beginning(first) : '',
    runs: ordered,
    decided,
    seen: ordered.flatMap((run) => run.seen),
    ...(plan ? { plan: plan.plan, planHash: plan.hash } : {}),
    faults: ordered.flatMap((run) => run.faults),
  };
}

const beginning = (of: RunEvidence | GoLiveEvidence): string =>
  ('beganAt' in of ? of.beganAt : (of.decided[0]?.at ?? of.journals[0]?.header?.at)) ?? '';
const byBeginning = (a: RunEvidence | GoLiveEvidence, b: RunEvidence | GoLiveEvidence): number =>
  beginning(a) < beginning(b) ? -1 : 1;
