import type { ListedRun } from '../run/list-runs.js';
import { dayAndClock, span } from '../terminal/moments.js';
import type { Paint } from '../terminal/paint.js';
import { PHASE_COLOUR } from './phase-colour.js';
import { buildLine } from './build-line.js';
import { rows } from './rows.js';

/** One line for each environment: what is open first, then how the last go-live ended. `now` in epoch milliseconds. */
export function listScreen(runs: readonly ListedRun[], now: number, paint: Paint): string {
  if (runs.length === 0)
    return 'There is no go-live, and none in the time the server remembers. To start one: golive start --help';
  return rows(
    runs.map((run) => [
      run.dryRun ? `${run.environment} (rehearsal)` : run.environment,
      where(run).toUpperCase(),
      `${run.release ?? '?'} ← ${run.previousRelease ?? '?'}`,
      [
        when(run, now),
        ...(run.holds.length === 0 ? [] : [`waits for an answer: ${run.holds.join(', ')}`]),
        ...(run.open ? [`owner ${run.decisionOwner ?? '?'}`] : []),
        ...(run.open ? [buildLine(run.build, true) ?? ''] : []),
      ]
        .filter(Boolean)
        .join(' · '),
    ]),
    (cells, [, state = '']) => paint(PHASE_COLOUR[state.toLowerCase()] ?? 'cyan', cells),
  ).join('\n');
}

const where = ({ open, phase, outcome }: ListedRun): string => (open ? (phase ?? 'not begun') : (outcome ?? 'ended'));

const when = ({ open, since, startedAt, endedAt }: ListedRun, now: number): string =>
  open ? `for ${span(since ?? startedAt, now)}` : `at ${dayAndClock(endedAt ?? startedAt)}`;
