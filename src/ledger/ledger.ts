import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import { type AuthorisationMeta, CommandDirectory, type CommandRecords } from './command-directory.js';
import { type CommandKey, commandPath } from './command-key.js';
import type { CommandOutcome, Settlement, StopOutcome } from './command-outcome.js';
import type { CommandSpec } from './command-spec.js';
import { createDirectory, createWhole, namesIn, readWhole } from '../durable-file.js';
import { observe, type Observation } from './observation.js';
import { placeBeforeEnd, readOutputAt, type OutputPart, type OutputPlace } from './output-place.js';
import { outputTail } from './output-tail.js';
import { ReadySupervisors } from './ready-supervisors.js';
import { runCommand } from './run-command.js';
import { stopCommand } from './stop-command.js';
import { type SweepOptions, sweepRuns } from './sweep.js';

export type { AuthorisationMeta } from './command-directory.js';
export type { CommandKey } from './command-key.js';
export type {
  CapturedOutput,
  CommandOutcome,
  Execution,
  FinalOutcome,
  Settlement,
  StopOutcome,
} from './command-outcome.js';
export type { CommandSpec } from './command-spec.js';
export type { Observation } from './observation.js';
export { BEGINNING, type OutputPart, type OutputPlace } from './output-place.js';
export type { SweepOptions } from './sweep.js';

/** What there is to show about a command; secrets are redacted already. */
export interface CommandView {
  /** `<workflow>/<run>/<step>.<generation>` */
  readonly command: string;
  readonly directory: string;
  readonly observation: Observation;
  readonly authorised?: CommandRecords['authorised'];
  readonly spec?: CommandRecords['spec'];
  readonly started?: CommandRecords['started'];
  /** The command's main process, once it runs. */
  readonly pid?: number;
  readonly settled?: CommandRecords['settled'];
  readonly stdoutTail: string;
  readonly stderrTail: string;
}

export type OutputStream = 'stdout' | 'stderr';

const TAIL_BYTES = 4_096;

/**
 * Runs commands with side effects at most once for each decision to run them (design §7). One directory on a local disk of one host (it needs hard
 * links, and processes that can be seen); any number of worker processes of that host use it at the same time.
 */
export class Ledger {
  #ready: ReadySupervisors | undefined;
  /** Commands that had a result when they were last looked through: it is there for good (a ledger is restored only with its workers stopped), and a thousand go-lives leave nine thousand. */
  #ended: ReadonlySet<string> = new Set();

  private constructor(
    readonly root: string,
    /** Names this ledger, and by it the host, for good. */
    readonly hostId: string,
  ) {}

  /** Opens a ledger, or creates one for this user alone. */
  static async open(root: string): Promise<Ledger> {
    const path = resolve(root);
    await createDirectory(path, path);
    await createDirectory(path, join(path, 'runs'));
    await createDirectory(path, join(path, 'environments'));
    const file = join(path, 'host-id');
    if ((await readWhole(file)) === undefined) await createWhole(file, `${randomUUID()}\n`);
    const hostId = (await readWhole(file))?.trim();
    if (!hostId)
      throw new Error(
        `${file} is empty. It names this ledger: restore it from the worker's log or a backup; a new one would make running commands unrecognisable.`,
      );
    return new Ledger(path, hostId);
  }

  /** Opens a ledger that is there and can be read here, to look at it; creates nothing. */
  static async openToRead(root: string): Promise<Ledger | undefined> {
    const path = resolve(root);
    const hostId = (await readWhole(join(path, 'host-id')).catch(() => undefined))?.trim();
    return hostId ? new Ledger(path, hostId) : undefined;
  }

  /** Keeps so many supervisors ready from now on, so that a command doesn't wait for the start of one. Call it once; whoever calls it closes them. */
  keepSupervisorsReady(count: number): ReadySupervisors {
    return (this.#ready = new ReadySupervisors(count));
  }

  /**
   * Makes room for commands that may be run from now on. Do this in an activity of its own before {@link run}: once its success is in the workflow's
   * history, a directory that is missing later means "unknown", not "not yet".
   * @param meta what is worth keeping about the run, such as its current run ID and plan hash; the first one stays
   */
  async authorise(keys: readonly CommandKey[], meta: AuthorisationMeta = {}): Promise<void> {
    // Side by side: what takes time here is the disk, and it flushes several files in hardly more time than one.
    const opened = await Promise.allSettled(
      keys.map(async (key) => {
        const directory = this.#directory(key);
        if (await directory.read('authorised')) return;
        await directory.create();
        await directory.reserveRoom();
        await directory.record('authorised', { key, meta, hostId: this.hostId, at: new Date().toISOString() });
      }),
    );
    for (const each of opened) if (each.status === 'rejected') throw each.reason as Error;
  }

  /**
   * Runs the command of this key, waits for it if it runs, or returns what became of it. May be called at any time, several times at once, and again
   * after any death of a caller. Once something may have started, it is that run's outcome, whatever the spec says now; a spec for which nothing was
   * started is replaced by the one asked for next. The signal ends only the waiting (rejects with its reason).
   * Throws an Error if the spec is unusable or the supervisor can't be started: this call started nothing; correct that and try again.
   */
  async run(key: CommandKey, spec: CommandSpec, options: { signal?: AbortSignal } = {}): Promise<CommandOutcome> {
    return runCommand(this.#directory(key), this.hostId, spec, { signal: options.signal, ready: this.#ready });
  }

  /** Sees to it that nothing of this key runs, now or later. `graceMs` lie between TERM and KILL. */
  async stop(key: CommandKey, graceMs: number): Promise<StopOutcome> {
    return stopCommand(this.#directory(key), this.hostId, graceMs);
  }

  /** What there is to show, without waiting or changing anything. */
  async read(key: CommandKey): Promise<CommandView> {
    return this.#view(this.#directory(key));
  }

  /** The last of what it has printed, also while it runs. */
  async output(key: CommandKey): Promise<Pick<CommandView, 'stdoutTail' | 'stderrTail'>> {
    return outputOf(this.#directory(key));
  }

  /** At most `most` bytes of what it has printed, from a place on; see {@link readOutputAt}. */
  async outputAt(key: CommandKey, stream: OutputStream, place: OutputPlace, most: number): Promise<OutputPart> {
    return readOutputAt(this.fileOf(key, `${stream}.log`), place, most);
  }

  /** The place so many bytes before the end of what it has printed by now. */
  async outputEnd(key: CommandKey, stream: OutputStream, bytes: number): Promise<OutputPlace> {
    return placeBeforeEnd(this.fileOf(key, `${stream}.log`), bytes);
  }

  /** Where a command may put a file of its own, to be kept with what else is known of it; its directory is there once it is authorised. */
  fileOf(key: CommandKey, name: string): string {
    return this.#directory(key).file(name);
  }

  /** The commands of a run that were started, as `step.generation`: those that have ended too. */
  async startedOf({
    workflowId,
    firstExecutionRunId,
  }: Pick<CommandKey, 'workflowId' | 'firstExecutionRunId'>): Promise<string[]> {
    const run = `${workflowId}/${firstExecutionRunId}`;
    const names = await namesIn(join(this.root, 'runs', run));
    const started = await Promise.all(
      names.map((name) => new CommandDirectory(this.root, `${run}/${name}`).read('started')),
    );
    return names.filter((_, index) => started[index] !== undefined);
  }

  /** Every command of an environment that was ever asked for and not swept, or only those that have no result, the oldest run's name first. */
  async commandsOf(environment: string, which: 'all' | 'without a result' = 'all'): Promise<CommandView[]> {
    const views: CommandView[] = [];
    const known = this.#ended;
    const ended = new Set<string>();
    const runs = join(this.root, 'runs');
    for (const workflow of await namesIn(runs)) {
      for (const run of await namesIn(join(runs, workflow))) {
        for (const name of await namesIn(join(runs, workflow, run))) {
          const directory = new CommandDirectory(this.root, `${workflow}/${run}/${name}`);
          // Most of what is there has ended: that outranks whatever else is known of it, and one file says so.
          if (which !== 'all' && (known.has(directory.command) || (await directory.read('result')))) {
            ended.add(directory.command);
            continue;
          }
          if ((await directory.read('spec'))?.environment === environment) views.push(await this.#view(directory));
        }
      }
    }
    if (which !== 'all') this.#ended = ended;
    return views;
  }

  /**
   * Records a person's decision about an unknown outcome, or to go on although a stop could not prove that the command has ended. From then on it
   * holds up neither who waits for it, nor its environment, nor a sweep, and it is not started any more. Repeating it changes nothing.
   * Throws if there is nothing to decide (a stop that was not tried or has succeeded), or if another choice was recorded before.
   */
  async settle(key: CommandKey, settlement: Settlement): Promise<void> {
    const directory = this.#directory(key);
    const seen = await observe(directory, this.hostId);
    // `unproven` may be followed by a result while the person thinks: that counts, and the decision is kept beside it.
    if (seen.state !== 'unknown' && seen.state !== 'missing' && !(await directory.read('unproven'))) {
      throw new Error(
        `Only an unknown outcome, or a stop that could not prove the end, is settled by a person; ${directory.command} is ${seen.state}. ` +
          'Look at it again, and stop it first if it must not go on.',
      );
    }
    if (seen.state === 'missing') await directory.create();
    const { choice, by, reason } = settlement;
    await directory.record('settled', { choice, by, reason, at: new Date().toISOString() });
    const recorded = await directory.read('settled');
    if (recorded && recorded.choice !== choice) {
      throw new Error(
        `${directory.command} was settled as "${recorded.choice}" by ${recorded.by} at ${recorded.at}; "${choice}" comes too late.`,
      );
    }
  }

  /** Removes old runs whose commands are all over, never one with an unsettled unknown or a running command. @returns their names */
  async sweep(options: SweepOptions): Promise<string[]> {
    return sweepRuns(this.root, this.hostId, options);
  }

  #directory(key: CommandKey): CommandDirectory {
    return new CommandDirectory(this.root, commandPath(key));
  }

  async #view(directory: CommandDirectory): Promise<CommandView> {
    const observation = await observe(directory, this.hostId);
    const [authorised, spec, started, child, settled] = await Promise.all([
      directory.read('authorised'),
      directory.read('spec'),
      directory.read('started'),
      directory.read('child'),
      directory.read('settled'),
    ]);
    return {
      command: directory.command,
      directory: directory.path,
      observation,
      ...(authorised && { authorised }),
      ...(spec && { spec }),
      ...(started && { started }),
      ...(child && { pid: child.process.pid }),
      ...(settled && { settled }),
      ...(await outputOf(directory)),
    };
  }
}

async function outputOf(directory: CommandDirectory): Promise<Pick<CommandView, 'stdoutTail' | 'stderrTail'>> {
  return {
    stdoutTail: await outputTail(directory.file('stdout.log'), TAIL_BYTES),
    stderrTail: await outputTail(directory.file('stderr.log'), TAIL_BYTES),
  };
}
