import { setTimeout as pause } from 'node:timers/promises';
import { COMMAND_MARK, limitMark, SUPERVISOR_MARK } from './marks.js';
import { sendSignal, type ProcessIdentity } from './process-identity.js';
import { processTable, type ProcessRow } from './process-table.js';

/** How long KILL may take before what is left counts as surviving (a process in an uninterruptible wait). */
const KILL_PATIENCE_MS = 2_000;

/** The most looks at a process that becomes another program. */
const LOOKS = 50;

export interface ProcessTreeOptions {
  /** The command's main process, also the leader of its process group. */
  readonly root?: ProcessIdentity | undefined;
  /** Pids that are never of the tree, such as the supervisor's. */
  readonly outsiders?: readonly number[];
  /** The mark of the command's supervisor, if it has one of its own. */
  readonly supervisorMark?: string | undefined;
  /** Whether processes with the supervisor's mark count: once no supervisor is in charge, they may be a command just being started. */
  readonly withSupervisors?: boolean;
}

/** Every process a command has started, as far as it can be told from strangers with certainty. */
export class ProcessTree {
  /** pid → start time of processes that once were surely of this tree; stays true when they shed their mark or their parent. */
  readonly #known = new Map<number, string>();
  readonly root: ProcessIdentity | undefined;
  readonly #supervisorMark: string;
  /** What its processes inherit from their supervisor. */
  readonly #limit: string;

  /** @param mark value of {@link COMMAND_MARK} in the command's environment */
  constructor(
    readonly mark: string,
    readonly options: ProcessTreeOptions = {},
  ) {
    this.root = options.root;
    this.#supervisorMark = options.supervisorMark ?? mark;
    this.#limit = limitMark(this.#supervisorMark);
  }

  /** The living processes of the tree: those marked by environment or limit, their process group, and all their descendants. */
  async members(): Promise<ProcessRow[]> {
    const living = await this.#others();
    const ours = new Map<number, ProcessRow>();
    for (const row of living) if (this.#isOurs(row)) ours.set(row.pid, row);
    for (let before = -1; before !== ours.size;) {
      before = ours.size;
      // While one of ours is in the group, its number can't have gone to strangers.
      const groupIsOurs = this.root !== undefined && [...ours.values()].some((row) => row.group === this.root?.pid);
      for (const row of living)
        if (ours.has(row.parent) || (groupIsOurs && row.group === this.root?.pid)) ours.set(row.pid, row);
    }
    for (const row of ours.values()) this.#known.set(row.pid, row.startTime);
    return [...ours.values()];
  }

  /** What is just becoming another program may be a supervisor or not: that shows in a moment. */
  async #others(): Promise<ProcessRow[]> {
    for (let look = 1; ; look++) {
      const living = (await processTable.all()).filter(
        (row) => !row.ended && row.pid !== process.pid && !this.options.outsiders?.includes(row.pid),
      );
      if (look === LOOKS || !living.some((row) => row.fileLocks() === this.#limit && row.isBecoming())) return living;
      await pause(1);
    }
  }

  #isOurs(row: ProcessRow): boolean {
    if (this.#known.get(row.pid) === row.startTime) return true;
    if (this.root?.pid === row.pid && this.root.startTime === row.startTime) return true;
    if (row.carries(`${COMMAND_MARK}=${this.mark}`)) return true;
    const isSupervisor = row.carries(`${SUPERVISOR_MARK}=${this.#supervisorMark}`);
    return isSupervisor ? this.options.withSupervisors === true : row.fileLocks() === this.#limit;
  }

  /** Pids of what still lives. Looks again before saying "none": one look can miss a process that forks meanwhile. */
  async survivors(): Promise<number[]> {
    for (let look = 0; look < 2; look++) {
      const pids = (await this.members()).map((row) => row.pid);
      if (pids.length > 0) return pids;
    }
    return [];
  }

  /**
   * Ends the tree: TERM, `graceMs` to comply, then KILL until none is left or {@link KILL_PATIENCE_MS} have passed.
   * @returns whether there was anything to end, and pids of what could not be ended
   */
  async end(graceMs: number): Promise<{ found: boolean; survivors: number[] }> {
    const asked = new Set<number>();
    const ask = (rows: ProcessRow[]): void => {
      for (const { pid } of rows) {
        if (asked.has(pid)) continue;
        asked.add(pid);
        sendSignal(pid, 'SIGTERM');
        sendSignal(pid, 'SIGCONT'); // a stopped process sees its TERM only when it goes on
      }
    };
    if ((await this.survivors()).length === 0) return { found: false, survivors: [] };
    await this.#untilGone(graceMs, ask);
    const survivors = await this.#untilGone(KILL_PATIENCE_MS, (rows) => {
      // The whole group at once, so that a tree that forks quickly can't outrun the signals; then those outside of the group.
      if (this.root && rows.some((row) => row.group === this.root?.pid)) sendSignal(-this.root.pid, 'SIGKILL');
      for (const { pid } of rows) sendSignal(pid, 'SIGKILL');
    });
    return { found: true, survivors };
  }

  async #untilGone(patienceMs: number, act: (rows: ProcessRow[]) => void): Promise<number[]> {
    const until = performance.now() + patienceMs;
    for (let wait = 5; ; wait = Math.min(wait * 1.5, 100)) {
      const rows = await this.members();
      if (rows.length === 0 && (await this.survivors()).length === 0) return [];
      if (performance.now() >= until) return rows.map((row) => row.pid);
      act(rows);
      await pause(Math.min(wait, Math.max(1, until - performance.now())));
    }
  }
}
