import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { pause } from '../activities/pause.js';
import type { Evidence } from '../journals/evidence.js';
import { Copying, type CopyingOptions } from './copying.js';
import { decidedIn } from '../journals/read-journals.js';
import { EvidenceFolders, isWhole, type EvidenceFolder } from './evidence-folders.js';
import { readKept, writeKept, type KeptRun } from './kept-runs.js';

export interface KeeperOptions extends CopyingOptions {
  readonly client: Client;
  readonly taskQueue: string;
  readonly evidence: Evidence;
  /** Where the evidence of all runs lies. */
  readonly folder: string;
  /** Where it keeps how far it is. */
  readonly keptFile: string;
  /** How often it looks, in milliseconds. */
  readonly every?: number;
}

const EVERY_MS = 600_000;
const SERVER_MS = 10_000;
/** A long history is replayed for the answer. */
const REPLAY_MS = 60_000;
/** Workers of other hosts answer too. */
const MOST_ASKED = 12;

/**
 * Sees to it that the evidence on this host becomes whole and is taken elsewhere. A worker that died after the last task of a run has left its end unwritten:
 * a question to the run has it replayed, and it tells everything again. No run knows of it or waits for it.
 */
export class Keeper {
  readonly #folders: EvidenceFolders;
  readonly #copying: Copying;

  constructor(private readonly around: KeeperOptions) {
    this.#folders = new EvidenceFolders(around.folder);
    this.#copying = new Copying(around);
  }

  /** Looks until the signal comes. Never rejects: what it can't do now it does later. */
  async keep(signal: AbortSignal): Promise<void> {
    const { log, every = EVERY_MS } = this.around;
    while (!signal.aborted) {
      await this.look(signal).catch((error: unknown) => {
        if (!signal.aborted) log.warn({ err: error }, 'the keeper can’t look after the evidence; it tries again');
      });
      await pause(every, signal);
    }
  }

  /** One look at every run whose evidence is here. @param now epoch milliseconds */
  async look(signal: AbortSignal, now = Date.now()): Promise<void> {
    const { log, keptFile } = this.around;
    const before = await readKept(keptFile);
    const folders = await this.#folders.all();
    const keptOf = ({ workflowId, runId }: EvidenceFolder): KeptRun =>
      before.find((each) => each.workflowId === workflowId && each.runId === runId) ?? { workflowId, runId };
    const runs = folders.map((folder) => ({ folder, kept: keptOf(folder) }));
    // First all that the server may forget; copies can take their time.
    for (const work of ['complete', 'copy'] as const)
      for (const run of runs) {
        if (run.kept.done) continue;
        signal.throwIfAborted();
        try {
          run.kept = await (work === 'complete'
            ? this.#complete(run.folder, run.kept, signal)
            : this.#copying.copy(run.folder, run.kept, now, signal));
        } catch (error) {
          if (signal.aborted) throw error;
          log.warn({ err: error, ...run.folder }, 'the keeper can’t look after this run’s evidence; it tries again');
        }
        await this.#write(runs.map(({ kept }) => kept));
      }
  }

  #written = '';
  async #write(runs: readonly KeptRun[]): Promise<void> {
    const text = JSON.stringify(runs);
    if (text !== this.#written) await writeKept(this.around.keptFile, runs);
    this.#written = text;
  }

  async #complete(of: EvidenceFolder, kept: KeptRun, signal: AbortSignal): Promise<KeptRun> {
    if (kept.complete !== undefined) return kept;
    const { log, evidence } = this.around;
    const status = await this.#statusOf(of, signal);
    if (status === 'RUNNING' || status === 'PAUSED' || status === 'ELSEWHERE') return kept;
    await evidence.settled(of);
    if (isWhole(await decidedIn(of.folder))) return { ...kept, complete: 'whole' };
    if (status === 'FORGOTTEN') {
      return await this.#lost(
        of,
        kept,
        'the server remembers this run no longer: what it had not told this host will never come',
      );
    }
    await this.#asked(of, signal);
    await evidence.settled(of);
    // One that was cut off, or goes on as another run, has decided no end.
    if (status === 'COMPLETED' && !isWhole(await decidedIn(of.folder))) {
      const asked = (kept.asked ?? 0) + 1;
      if (asked < MOST_ASKED) return { ...kept, asked };
      return await this.#lost(of, kept, `asked ${asked} times, it was replayed elsewhere: other hosts have the rest`);
    }
    log.info(of, 'the evidence of this run was made whole by a replay');
    return { ...kept, complete: 'whole' };
  }

  async #lost(of: EvidenceFolder, kept: KeptRun, why: string): Promise<KeptRun> {
    const { log, evidence } = this.around;
    log.warn(of, `the evidence of this run stays incomplete here: ${why}`);
    evidence.tellLost(of, why);
    await evidence.settled(of);
    return { ...kept, complete: 'lost' };
  }

  /** The server's word for how it stands; ELSEWHERE for one of other workers, FORGOTTEN for one that it remembers no longer. */
  async #statusOf({ workflowId, runId }: EvidenceFolder, signal: AbortSignal): Promise<string> {
    const { client, taskQueue } = this.around;
    const handle = client.workflow.getHandle(workflowId, runId);
    try {
      const found = await client.withDeadline(Date.now() + SERVER_MS, () =>
        client.withAbortSignal(signal, () => handle.describe()),
      );
      return found.taskQueue === taskQueue ? found.status.name : 'ELSEWHERE';
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return 'FORGOTTEN';
      throw error;
    }
  }

  async #asked({ workflowId, runId }: EvidenceFolder, signal: AbortSignal): Promise<void> {
    const { client } = this.around;
    await client.withDeadline(Date.now() + REPLAY_MS, () =>
      client.withAbortSignal(signal, () => client.workflow.getHandle(workflowId, runId).query('status')),
    );
  }
}
