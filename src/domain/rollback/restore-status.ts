import { formatDuration } from '../time/duration.js';
import { lasted } from '../time/lasted.js';

/** A backup as the host that has it read it. */
export interface Backup {
  /** Where its manifest is: a path inside the artifacts folder. */
  readonly manifest: string;
  /** The name of its folder. */
  readonly name: string;
  /** Of the manifest file, as 64 hexadecimal digits. */
  readonly sha256: string;
  /** ISO. */
  readonly madeAt: string;
}

/** `drilled`: the drill passed, and the plan has no restore command after it, so production's data are as they were. */
export type RestoreState = 'not proposed' | 'proposed' | 'approved' | 'declined' | 'drilled' | 'restored' | 'failed';

/** Where the question of a data restore stands (playbook §5.3). */
export interface RestoreStatus extends Partial<Backup> {
  readonly state: RestoreState;
  /** In words: what is asked, why not, what was done. */
  readonly detail: string;
  /** The run ID the go-live began with: an approval is bound to it. */
  readonly runId?: string;
  /** When silence becomes a no, ISO. */
  readonly askedUntil?: string;
  /** Who decided, and why. */
  readonly by?: string;
  readonly reason?: string;
  /** The approval was signed, and the signature is the lead's. */
  readonly signed?: boolean;
  /** What became of a restore command that was run and did not succeed: whatever is decided afterwards, production's data may be restored in part. */
  readonly ran?: string;
}

/** What a restore would cost: "made 47m ago: everything written since then would be lost". `now` in epoch milliseconds. */
export function lossText(madeAt: string, now: number): string {
  const age = Math.max(0, now - Date.parse(madeAt));
  const rounded = age >= 120_000 ? Math.floor(age / 60_000) * 60_000 : Math.max(1_000, age);
  return `made ${lasted(rounded)} ago: everything written since then would be lost`;
}

/** Who may answer the question of a restore, and what comes of no answer. `askFor` in milliseconds. */
export const termsText = (leads: readonly string[], askFor: number): string =>
  `Only an incident lead may answer: ${leads.join(', ')}. Silence for ${formatDuration(askFor)} is a no: the data stay as they are, and the rollback ends without a restore.`;

/** One line about a restore, for every screen. */
export function restoreText({ state, detail, by, signed, ran }: RestoreStatus): string {
  const before =
    ran === undefined || ran === detail
      ? ''
      : `; the restore command was run before, and production's data may be restored in part: ${ran}`;
  return `${state}${by === undefined ? '' : ` by ${by}${signed ? ' (signed)' : ''}`}: ${detail}${before}`;
}
