import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { InjectedSinks } from '@temporalio/worker';
import type { Sinks } from '@temporalio/workflow';
import type { Logger } from 'pino';
import type { Decided, EvidenceSinks, JournalHeader, Lost, Seen } from '../domain/evidence/record.js';
import { SCHEMA } from '../domain/evidence/record.js';
import { Journal } from './journal.js';
import { placeOf, type OfRun } from './place.js';
import { decidedBefore } from './read-journals.js';

/** Takes what the workers of this host see and do. Adding never throws and never waits. */
export interface SeenEvidence {
  see(run: OfRun, record: Seen): void;
  /** The folder of a run's evidence: for what is kept beside the records. */
  folderOf(run: OfRun): string;
}

export interface EvidenceOptions {
  /** Where the evidence of all runs lies. */
  readonly folder: string;
  readonly host: string;
  readonly golive: string;
  readonly build: string;
  readonly log: Logger;
}

/** These are on the disk when the next one comes: they say what was decided and done. */
const MATTERS: readonly (Decided | Seen)['kind'][] = ['run', 'stop', 'told', 'hold', 'command', 'refused', 'end'];
/** A run of which nothing came for so long is let go, until something comes again. */
const IDLE_MS = 600_000;
/** How long a worker that stops waits for the disk. */
const CLOSE_WITHIN_MS = 10_000;

/** The evidence of all runs that one process has to do with: each in a folder of its own, in journals of this process. */
export class Evidence implements SeenEvidence {
  readonly #runs = new Map<string, RunEvidence>();
  readonly #tidying: NodeJS.Timeout;

  constructor(private readonly options: EvidenceOptions) {
    this.#tidying = setInterval(() => this.#tidy(), IDLE_MS).unref();
  }

  folderOf(run: OfRun): string {
    return placeOf(this.options.folder, run);
  }

  see(run: OfRun, record: Seen): void {
    this.#of(run).see(record);
  }

  /** Something of a run's evidence will never come. */
  tellLost(run: OfRun, why: string): void {
    const lost: Lost = { kind: 'lost', at: new Date().toISOString(), why };
    this.#of(run).add('decided', JSON.stringify(lost), true);
  }

  /** Settles when all that was told of a run is on the disk, as far as that goes. */
  async settled(run: OfRun): Promise<void> {
    await this.#of(run).close();
  }

  /** Where workflows leave what they decide. */
  readonly sinks: InjectedSinks<EvidenceSinks & Sinks> = {
    evidence: {
      decided: { callDuringReplay: true, fn: (run, n, record) => this.#of(run).decide(n, record) },
      refused: { fn: (run, record) => this.#of(run).add('seen', record, true) },
    },
  };

  /** Settles when all of it is on the disk, as far as that goes: no worker waits for a disk that hangs. */
  async close(): Promise<void> {
    clearInterval(this.#tidying);
    const over = new AbortController();
    const all = Promise.all([...this.#runs.values()].map((run) => run.close()));
    const closed = await Promise.race([all, pause(CLOSE_WITHIN_MS, false, { signal: over.signal })]);
    over.abort();
    if (!closed) this.options.log.error('evidence could not be written to its end: the disk doesn’t answer');
  }

  #of({ workflowId, runId }: OfRun): RunEvidence {
    const key = `${workflowId}/${runId}`;
    const known = this.#runs.get(key);
    if (known) return known;
    const made = new RunEvidence({ workflowId, runId }, this.options);
    this.#runs.set(key, made);
    return made;
  }

  #tidy(): void {
    for (const [key, run] of this.#runs)
      if (run.idleFor() > IDLE_MS) {
        this.#runs.delete(key);
        void run.close();
      }
  }
}

/** Of one run, as far as this process knows it. */
class RunEvidence {
  readonly #journals: { readonly decided: Journal; readonly seen: Journal };
  /** What is on record already, by its place in the run's order: a digest. Undefined until it was read. */
  #before: Map<number, string> | undefined;
  #reading: Promise<void> | undefined;
  #usedAt = performance.now();
  readonly #untold: (readonly [n: number, record: string])[] = [];

  constructor(
    private readonly run: OfRun,
    private readonly options: EvidenceOptions,
  ) {
    const { folder: base, host, golive, build, log } = options;
    const folder = placeOf(base, run);
    const header: Omit<JournalHeader, 'kind' | 'at' | 'after'> = {
      schema: SCHEMA,
      ...run,
      writer: { host, pid: process.pid, golive, build, node: process.version },
    };
    const failing = (error: unknown) =>
      log.error({ err: error, ...run }, 'evidence can’t be written; it is tried again');
    const journal = (name: string) => new Journal({ base, folder, name, header, failing });
    this.#journals = { decided: journal('decided'), seen: journal('seen') };
  }

  see(record: Seen): void {
    const at = new Date().toISOString();
    this.add('seen', JSON.stringify({ at, ...record }), MATTERS.includes(record.kind));
  }

  add(to: 'decided' | 'seen', record: string, matters: boolean): void {
    this.#usedAt = performance.now();
    this.#journals[to].add(record, matters);
  }

  /** The n-th decision of the run. What is on record is left, also when a worker that takes the run up decides it all again. */
  decide(n: number, record: string): void {
    this.#usedAt = performance.now();
    if (this.#before) return this.#decide(this.#before, n, record);
    this.#untold.push([n, record]);
    this.#reading ??= this.#read();
  }

  idleFor(): number {
    return performance.now() - this.#usedAt;
  }

  async close(): Promise<void> {
    await this.#reading;
    await Promise.all([this.#journals.decided.seal(), this.#journals.seen.seal()]);
  }

  async #read(): Promise<void> {
    const { folder, log } = this.options;
    this.#before = await decidedBefore(placeOf(folder, this.run), digest).catch((error: unknown) => {
      log.error({ err: error, ...this.run }, 'earlier evidence can’t be read; what was decided is written again');
      return new Map<number, string>();
    });
    for (const [n, record] of this.#untold.splice(0)) this.#decide(this.#before, n, record);
  }

  /** What a task has decided that the server then took from another one is decided anew: the later record counts. */
  #decide(before: Map<number, string>, n: number, record: string): void {
    const known = digest(record);
    if (before.get(n) === known) return;
    before.set(n, known);
    const { kind } = JSON.parse(record) as Decided;
    this.add('decided', `${record.slice(0, -1)},"n":${n}}`, MATTERS.includes(kind));
  }
}

/** Of a record as a workflow has told it. */
function digest(record: string): string {
  return createHash('sha1').update(record).digest('base64');
}
