import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { decidedOf } from '../domain/evidence/report/kept.js';
import type { DecidedRecord } from '../domain/evidence/record.js';
import { outcomeOf, phaseOf } from '../domain/run/course.js';
import { namesIn } from '../durable-file.js';
import { decidedJournals, decisionsOf } from '../journals/read-journals.js';
import { forEach, html } from './html.js';
import { momentText, type Clocks } from './moment-text.js';
import { document } from './page.js';

/** One run as the index lists it. */
export interface IndexedRun {
  readonly workflowId: string;
  readonly runId: string;
  readonly release: string;
  readonly beganAt: string;
  /** How it ended, or where it stands. */
  readonly state: string;
}

/** How often the index is loaded again, in seconds. */
const REFRESH = 10;

/** The runs whose evidence is in a folder, from what they have decided alone: readings are many. What was read once and has not grown isn't read again. */
export class RunIndex {
  readonly #known = new Map<string, { size: number; run: IndexedRun | undefined }>();

  constructor(private readonly folder: string) {}

  /** The newest first; the parts of a go-live that needed several runs are one. */
  async list(): Promise<IndexedRun[]> {
    const runs: IndexedRun[] = [];
    for (const workflow of await namesIn(this.folder))
      for (const run of await namesIn(join(this.folder, workflow)).catch(() => [])) {
        const found = await this.#run(join(this.folder, workflow, run));
        if (found) runs.push(found);
      }
    const sorted = runs.sort((a, b) => (a.beganAt < b.beganAt ? 1 : -1));
    return [
      ...new Map(sorted.toReversed().map((each) => [`${each.workflowId} ${each.runId}`, each])).values(),
    ].reverse();
  }

  async #run(folder: string): Promise<IndexedRun | undefined> {
    const files = (await namesIn(folder).catch(() => [])).filter((name) => name.startsWith('decided-'));
    const sizes = await Promise.all(files.map(async (file) => await sizeOf(join(folder, file))));
    const size = sizes.reduce((sum, each) => sum + each, 0);
    const known = this.#known.get(folder);
    if (known?.size === size) return known.run;
    const journals = await decidedJournals(folder);
    const { header } = journals.find((each) => each.header) ?? {};
    const run = indexed(header?.workflowId, decisionsOf(journals));
    this.#known.set(folder, { size, run });
    return run;
  }
}

/** Of one that is gone, for it was compressed just now: 0. */
const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

function indexed(workflowId: string | undefined, decided: readonly DecidedRecord[]): IndexedRun | undefined {
  const [began] = decidedOf({ decided }, 'run');
  if (!began || workflowId === undefined) return undefined;
  const course = decidedOf({ decided }, 'course').at(-1)?.course;
  const { release } = (began.input ?? {}) as { readonly release?: unknown };
  const state = course === undefined ? 'begun' : (outcomeOf(course) ?? phaseOf(course));
  return { workflowId, runId: began.firstRunId, release: String(release), beganAt: began.at, state };
}

/** The index: each run with a link to its page. */
export function runsPage(runs: readonly IndexedRun[], clocks: Clocks): string {
  return document(
    'golive: the go-lives kept here',
    html`<h1>The go-lives kept here</h1>
      ${runs.length === 0 ? html`<p>None yet.</p>` : html``}
      <table>
        <tbody>
          ${forEach(
            runs,
            ({ workflowId, runId, release, beganAt, state }) =>
              html`<tr>
                <td>${momentText(beganAt, clocks)}</td>
                <td><a href="/${encodeURIComponent(workflowId)}/${encodeURIComponent(runId)}">${workflowId}</a></td>
                <td>${release}</td>
                <td>${state}</td>
              </tr>`,
          )}
        </tbody>
      </table>`,
    REFRESH,
  );
}
