import type { SmokeEvidence } from '../smoke/smoke-evidence.js';

/** How one generation of a command ended, as far as anyone can know (design §7). */
export type CommandEnd =
  | { readonly kind: 'exited'; readonly exitCode: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  /** Its deadline passed and its processes were ended. */
  | { readonly kind: 'deadline' }
  /** Surely nothing ran: a missing executable or working directory, a full disk. */
  | { readonly kind: 'not-started'; readonly why: string }
  /** It was stopped, before or while it ran; it will never run again under this generation. */
  | { readonly kind: 'stopped' }
  /** Another command of the environment still runs. */
  | { readonly kind: 'busy'; readonly heldBy: string }
  /** It was started and nobody can say how it ended. */
  | { readonly kind: 'unknown'; readonly why: string; readonly alive: readonly number[] }
  /** The run was reset in Temporal, to this run: what was already done may be about to be done again. */
  | { readonly kind: 'reset'; readonly runId: string }
  /** The ledger has started these commands of the run, which the run knows nothing of: its server's database is older than the ledger. Nothing was started. */
  | { readonly kind: 'ahead'; readonly commands: readonly string[] }
  /** Its outcome was unknown, and a person has said that it did its work. */
  | { readonly kind: 'treated-as-done'; readonly by: string };

/** What the run learns of a command: how it ended and the last of what it printed, with known secrets taken out. */
export interface CommandReport {
  readonly step: string;
  readonly generation: number;
  readonly end: CommandEnd;
  /** The last lines of its output; the whole is in the ledger of the host. */
  readonly stdout: string;
  readonly stderr: string;
  readonly startedAt?: string;
  readonly endedAt?: string;
  /** What the report of a smoke says, for one that writes a report. */
  readonly smoke?: SmokeEvidence;
}

/** What the heartbeats of a running command tell: the last line it has printed. */
export interface CommandProgress {
  readonly step: string;
  readonly generation: number;
  readonly lastLine: string;
}

export const succeeded = (end: CommandEnd): boolean =>
  (end.kind === 'exited' && end.exitCode === 0) || end.kind === 'treated-as-done';

export function describeEnd(end: CommandEnd): string {
  switch (end.kind) {
    case 'exited':
      return `exit ${end.exitCode}`;
    case 'signalled':
      return `ended by ${end.signal}`;
    case 'deadline':
      return 'stopped at its deadline';
    case 'not-started':
      return `not started: ${end.why}`;
    case 'stopped':
      return 'stopped';
    case 'busy':
      return `not started: ${end.heldBy} still runs in this environment`;
    case 'unknown':
      return `outcome unknown: ${end.why}${end.alive.length > 0 ? ` (still alive: ${end.alive.join(', ')})` : ''}`;
    case 'reset':
      return 'held: this run was reset';
    case 'ahead':
      return `held: the ledger knows ${end.commands.join(', ')}, which this run doesn't`;
    case 'treated-as-done':
      return `outcome unknown, treated as done by ${end.by}`;
  }
}

/** The last line that says something, for tables. */
export function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)?.trim() ?? '';
}
