import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CommandDirectory } from '../../src/ledger/command-directory.js';
import { commandTree } from '../../src/ledger/command-tree.js';
import { type CommandKey, commandMark, commandPath } from '../../src/ledger/command-key.js';
import { type CommandSpec, Ledger } from '../../src/ledger/ledger.js';
import type { ReadySupervisors } from '../../src/ledger/ready-supervisors.js';
import type { SweepOptions } from '../../src/ledger/sweep.js';
import { ProcessTree } from '../../src/ledger/process-tree.js';
import { quickly } from '../support/thorough.js';

/** Whether a command's supervisor is started for it, or was ready before. */
export type Supervisors = 'started' | 'ready';
export const SUPERVISORS = quickly<Supervisors>(1, ['ready', 'started']);

/** A ledger of its own for one test, with commands that write down each of their executions in a journal. */
export class LedgerFixture {
  #generation = 0;

  private constructor(
    readonly root: string,
    readonly ledger: Ledger,
    readonly journal: string,
    readonly home: string,
    readonly supervisors: ReadySupervisors | undefined,
  ) {}

  /**
   * @param root where the ledger lies; by default below the fixture's own folder
   * @param supervisors whether those that were started ahead of need run the commands
   */
  static async create(root?: string, supervisors: Supervisors = 'started'): Promise<LedgerFixture> {
    const home = await mkdtemp(join(tmpdir(), 'golive-ledger-'));
    const path = root ?? join(home, 'ledger');
    const ledger = await Ledger.open(path);
    const ready = supervisors === 'ready' ? ledger.keepSupervisorsReady(3) : undefined;
    if (ready) await until(() => ready.waiting === 3);
    return new LedgerFixture(path, ledger, join(home, 'journal'), home, ready);
  }

  /** An authorised key that no other has. */
  async key(step = 'deploy-canary'): Promise<CommandKey> {
    const key = { workflowId: 'go-live-test', firstExecutionRunId: 'run-1', step, generation: ++this.#generation };
    await this.ledger.authorise([key], { runId: 'run-1' });
    return key;
  }

  /** A shell script that first notes its execution in the journal. */
  spec(script: string, changes: Partial<CommandSpec> = {}): CommandSpec {
    return {
      environment: 'prod',
      argv: ['/bin/sh', '-c', `echo "$GOLIVE_COMMAND" >> "$JOURNAL"; ${script}`],
      workingDirectory: this.home,
      env: { PATH: process.env.PATH ?? '/usr/bin:/bin', JOURNAL: this.journal },
      deadlineMs: 30_000,
      stopGraceMs: 200,
      secrets: [],
      ...changes,
    };
  }

  /** How often the command was really executed. */
  async executions(key: CommandKey): Promise<number> {
    const lines = (await readFile(this.journal, 'utf8').catch(() => '')).split('\n');
    return lines.filter((line) => line === this.mark(key)).length;
  }

  mark(key: CommandKey): string {
    return commandMark(this.ledger.hostId, commandPath(key));
  }

  directory(key: CommandKey): CommandDirectory {
    return new CommandDirectory(this.root, commandPath(key));
  }

  /** Waits until the command has noted its execution. @returns the supervisor's pid */
  async running(key: CommandKey): Promise<number> {
    await until(
      async () => (await this.executions(key)) > 0 && (await this.directory(key).read('child')) !== undefined,
    );
    return (await this.directory(key).read('started'))?.supervisor.pid ?? Number.NaN;
  }

  /** Sweeps until something goes: a supervisor lets go of its locks only after its result can be read. */
  async swept(options: SweepOptions): Promise<string[]> {
    let swept: string[] = [];
    await until(async () => (swept = await this.ledger.sweep(options)).length > 0);
    return swept;
  }

  async alive(key: CommandKey): Promise<number[]> {
    return new ProcessTree(this.mark(key)).survivors();
  }

  /** Ends what the test's commands have left, supervisors that are late included (they would find no `revoked` any more), and removes the files. */
  async remove(): Promise<void> {
    for (let generation = 1; generation <= this.#generation; generation++) {
      for (const step of ['deploy-canary', 'rollback']) {
        const key = { workflowId: 'go-live-test', firstExecutionRunId: 'run-1', step, generation };
        await (await commandTree(this.directory(key), this.ledger.hostId, true)).end(0);
      }
    }
    await this.supervisors?.close();
    await rm(this.root, { recursive: true, force: true, maxRetries: 5 });
    await rm(this.home, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Waits for a condition that other processes bring about; fails if it never comes. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 2_000; tries++) {
    if (await condition()) return;
    await pause(5);
  }
  throw new Error('What the test waits for did not happen in 10 s.');
}

/** Whether a process with this pid exists. */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
