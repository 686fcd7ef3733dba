/** One captured stream. `bytes` is what the command wrote, `path` the file with what was kept of it (redacted). */
export interface CapturedOutput {
  readonly path: string;
  readonly bytes: number;
  /** The middle was left out, because there was more than the limit. */
  readonly truncated: boolean;
  /** Why some of it could not be kept (a full disk), if so. */
  readonly lost?: string;
}

/** What is known of a command that really ran. Times are ISO 8601, UTC. */
export interface Execution {
  readonly startedAt: string;
  readonly endedAt: string;
  readonly stdout: CapturedOutput;
  readonly stderr: CapturedOutput;
  /** Pids of processes that outlive the command's main process (a daemon it started). They are left alone. */
  readonly leftBehind: readonly number[];
}

export type CommandOutcome =
  | ({ readonly kind: 'exited'; readonly exitCode: number } & Execution)
  /** Ended by a signal that neither the deadline nor a stop has sent. */
  | ({ readonly kind: 'signalled'; readonly signal: string } & Execution)
  /** The deadline has passed and the whole process tree was ended. */
  | ({ readonly kind: 'deadline'; readonly deadlineMs: number } & Execution)
  /** Surely nothing ran, and nothing will under this generation. */
  | { readonly kind: 'not-started'; readonly reason: string }
  /**
   * Revoked by a stop; nothing of it runs, and nothing will under this generation. `ran`: `no`, stopped before it began; `yes`, it was
   * ended; `perhaps`, it had begun, and its supervisor left no word of how far it came.
   */
  | ({
      readonly kind: 'stopped';
      readonly ran: 'no' | 'yes' | 'perhaps';
      readonly exitCode?: number;
      readonly signal?: string;
    } & Partial<Execution>)
  /** Another command of the environment still runs. Nothing is recorded: the same generation may be tried again. */
  | { readonly kind: 'busy'; readonly heldBy: string }
  /** It may have run, wholly, partly or not at all. `alive` are pids of it that still run. A person decides. */
  | { readonly kind: 'unknown'; readonly why: string; readonly alive: readonly number[] };

/** The outcomes that are recorded for good. */
export type FinalOutcome = Exclude<CommandOutcome, { kind: 'busy' | 'unknown' }>;

/** What a stop has brought about. In every case nothing starts under this generation any more. */
export interface StopOutcome {
  /**
   * `never-started`: stopped before it began. `ended-before`: it had ended by itself, see `outcome`. `stopped`: it was ended, nothing of it
   * is left. `unproven`: that it ended can't be proven, see `survivors` and `why`.
   */
  readonly state: 'never-started' | 'ended-before' | 'stopped' | 'unproven';
  readonly outcome?: FinalOutcome;
  /** Pids that neither TERM nor KILL could end. */
  readonly survivors: readonly number[];
  readonly why?: string;
}

/** A person's decision about an unknown outcome. */
export interface Settlement {
  readonly choice: string;
  readonly by: string;
  readonly reason: string;
}
