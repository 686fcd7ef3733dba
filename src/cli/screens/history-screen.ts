import type { PastRun } from '../run/past-runs.js';
import { dayAndClock, span } from '../terminal/moments.js';
import type { Paint } from '../terminal/paint.js';
import { PHASE_COLOUR } from './phase-colour.js';
import { rows } from './rows.js';

/** One line for each go-live, as they come. `now` in epoch milliseconds. */
export function historyScreen(runs: readonly PastRun[], now: number, paint: Paint): string {
  return rows(
    runs.map((run) => [
      dayAndClock(run.startedAt),
      run.outcome.toUpperCase(),
      `${run.release ?? '?'} ${run.rollback ? '→' : '←'} ${run.previousRelease ?? '?'}`,
      [
        ...(run.dryRun ? ['rehearsal'] : []),
        ...(run.rollback ? ['rollback'] : []),
        run.endedAt === undefined
          ? `open for ${span(run.startedAt, now)}`
          : `took ${span(run.startedAt, Date.parse(run.endedAt))}`,
        `owner ${run.decisionOwner ?? '?'}`,
        ...(run.cause === undefined ? [] : [run.cause]),
      ].join(' · '),
    ]),
    (cells, [, state = '']) => paint(PHASE_COLOUR[state.toLowerCase()] ?? 'cyan', cells),
  ).join('\n');
}
