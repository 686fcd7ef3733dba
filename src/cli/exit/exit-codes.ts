import type { Outcome } from '../../domain/run/status.js';

/** What a caller of `golive` can tell from its exit code; stable, for scripts depend on it. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  noServer: 3,
  refused: 4,
  noGoLive: 5,
  noWorker: 6,
  differs: 7,
  unfit: 8,
  rejected: 10,
  aborted: 11,
  rolledBack: 12,
  rollbackFailed: 13,
  noOutcome: 14,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Of a command that waits for an end: each end that is not what was wanted, and leaving before it. */
export const ENDING_EXITS: readonly ExitCode[] = [
  EXIT.rejected,
  EXIT.aborted,
  EXIT.rolledBack,
  EXIT.rollbackFailed,
  EXIT.noOutcome,
  EXIT.interrupted,
];

/** Of a command that begins a run, and may wait for its end. */
export const BEGINNING_EXITS: readonly ExitCode[] = [
  EXIT.ok,
  EXIT.failed,
  EXIT.usage,
  EXIT.noServer,
  EXIT.refused,
  ...ENDING_EXITS,
];

/** The exit codes of a command that sends a signal. */
export const SIGNAL_EXITS: readonly ExitCode[] = [
  EXIT.ok,
  EXIT.usage,
  EXIT.noServer,
  EXIT.refused,
  EXIT.noGoLive,
  EXIT.noWorker,
];

/** The one table of exit codes, shown by `golive --help`. */
const MEANINGS: readonly (readonly [ExitCode, string])[] = [
  [EXIT.ok, 'done as asked'],
  [EXIT.failed, 'it did not work; the sentence says why'],
  [EXIT.usage, 'wrong usage, wrong input, or a playbook file with faults'],
  [EXIT.noServer, 'no Temporal server, or not that namespace, or no access to it'],
  [EXIT.refused, 'refused: one already runs, no such hold or choice, nothing left to abort'],
  [EXIT.noGoLive, 'there is no such go-live'],
  [EXIT.noWorker, 'no worker answers: the go-live stands still until one is back'],
  [
    EXIT.differs,
    'something differs: the plans (golive plan --diff), or the evidence from what it should be (golive report --verify)',
  ],
  [EXIT.unfit, 'golive doctor has found something bad'],
  [EXIT.rejected, 'ended: rejected before anything was deployed'],
  [EXIT.aborted, 'ended: aborted before anything was deployed'],
  [EXIT.rolledBack, 'ended: rolled back, proven'],
  [EXIT.rollbackFailed, 'ended: the rollback was not proven, a person took over'],
  [EXIT.noOutcome, 'ended without an outcome: terminated, or refused by the workflow'],
  [EXIT.interrupted, 'interrupted by Ctrl-C (143: by TERM, 129: by HUP); the go-live itself goes on'],
];

export function exitCodeTable(codes: readonly ExitCode[] = MEANINGS.map(([code]) => code)): string {
  const rows = MEANINGS.filter(([code]) => codes.includes(code)).map(
    ([code, meaning]) => `  ${String(code).padStart(3)}  ${meaning}`,
  );
  return `Exit codes:\n${rows.join('\n')}`;
}

/** The exit code of a command that waited for this end. */
export function exitCodeOf(outcome: Outcome): ExitCode {
  switch (outcome) {
    case 'completed':
    case 'rehearsed':
      return EXIT.ok;
    case 'rejected':
      return EXIT.rejected;
    case 'aborted':
      return EXIT.aborted;
    case 'rolled-back':
      return EXIT.rolledBack;
    case 'rollback-failed':
      return EXIT.rollbackFailed;
  }
}
