import { join } from 'node:path';
import type { CommandKey } from './command-key.js';
import type { FinalOutcome, Settlement } from './command-outcome.js';
import {
  createDirectory,
  createWhole,
  giveBackReserve,
  readWhole,
  replaceWhole,
  reserve,
  reserveOf,
} from '../durable-file.js';
import { NumberedLock } from './numbered-lock.js';
import type { ProcessIdentity } from './process-identity.js';
import type { SpecRecord } from './spec-record.js';

/** What a run tells the ledger about itself, for evidence. */
export type AuthorisationMeta = Readonly<Record<string, string>>;

/** The files of a command's directory and what is in them. Times are ISO 8601, UTC. Each is created whole, once, and but for `spec` never changed. */
export interface CommandRecords {
  /** The workflow was allowed to run this; `hostId` is the ledger that said so. */
  authorised: { key: CommandKey; meta: AuthorisationMeta; hostId: string; at: string };
  /** What is about to be started, by whoever has the lock; from `started` on, what was started. */
  spec: SpecRecord;
  /** From here on the command may have run. `mark` is the supervisor's own (`marks.ts`); older ones had their command's. */
  started: { supervisor: ProcessIdentity; mark?: string; at: string };
  /** The command's main process and leader of its process group, and the cgroup it began in, where that can be seen. */
  child: { process: ProcessIdentity; cgroup?: string };
  result: { outcome: FinalOutcome };
  /** Nothing may start any more: by a stop, or because starting it has failed for good. */
  revoked: { cause: 'stop' | 'not-started' | 'swept'; reason: string; at: string };
  /** A stop could not prove that nothing of it runs any more. A result that comes later outranks this. */
  unproven: { why: string; survivors: readonly number[]; at: string };
  settled: Settlement & { at: string };
}

export type CommandRecord = keyof CommandRecords;

/** More than any of these records takes; it must be there even when the disk is full. */
const RESERVED_BYTES = 4_096;
const RESERVED = ['revoked.json', 'started.json', 'child.json', 'result.json', 'unproven.json', 'stop-lock'];

const asText = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

/** The directory in which everything about one command (one key) is kept. */
export class CommandDirectory {
  readonly path: string;
  readonly lock: NumberedLock;

  /** @param command the command's place below `runs/`, see `commandPath` */
  constructor(
    readonly root: string,
    readonly command: string,
  ) {
    this.path = join(root, 'runs', command);
    this.lock = new NumberedLock(this.path);
  }

  /** Room for the lock that a stop takes to write its result. */
  get stopLockRoom(): string {
    return reserveOf(this.file('stop-lock'));
  }

  file(name: string): string {
    return join(this.path, name);
  }

  async create(): Promise<void> {
    await createDirectory(this.root, this.path);
  }

  /** Sets aside the room for the records that decide, so that a full disk can't make an outcome unknown or a stop impossible. */
  async reserveRoom(): Promise<void> {
    await Promise.all(RESERVED.map((name) => reserve(this.file(name), RESERVED_BYTES)));
  }

  async giveBackRoom(): Promise<void> {
    await Promise.all(RESERVED.map((name) => giveBackReserve(this.file(name))));
  }

  /** @returns false if the record was there already; then it stays as it is. */
  async record<R extends CommandRecord>(name: R, value: CommandRecords[R]): Promise<boolean> {
    const file = this.file(`${name}.json`);
    // Looked at first: finding that out by writing would need room on a full disk.
    return (await readWhole(file)) === undefined && createWhole(file, asText(value));
  }

  /** Makes `spec` tell what is about to be started. Only for the holder of the lock, who has seen that nothing has started. */
  async correctSpec(spec: SpecRecord): Promise<void> {
    const file = this.file('spec.json');
    if ((await readWhole(file)) !== asText(spec)) await replaceWhole(file, asText(spec));
  }

  async read<R extends CommandRecord>(name: R): Promise<CommandRecords[R] | undefined> {
    const text = await readWhole(this.file(`${name}.json`));
    if (text === undefined) return undefined;
    try {
      // Trusted: written whole by this class, below a directory that is its owner's alone.
      return JSON.parse(text) as CommandRecords[R];
    } catch {
      throw new Error(
        `${this.file(`${name}.json`)} is not readable JSON although the ledger writes files whole: the disk or someone changed it. Look at it, and settle command ${this.command} by hand.`,
      );
    }
  }
}
