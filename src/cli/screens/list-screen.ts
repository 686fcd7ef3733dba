import { typedFor } from '../../domain/run/workflow-id.js';
import type { ListedRun } from '../run/list-runs.js';
import { dayAndClock, span } from '../terminal/moments.js';
import type { Paint } from '../terminal/paint.js';
import { PHASE_COLOUR } from './phase-colour.js';
import { buildLine } from './build-line.js';
import { oneLine } from '../terminal/terminal-text.js';
import { rows } from './rows.js';

/** One line for each environment: what is open first, then how the last go-live ended. `now` in epoch milliseconds. */
export function listScreen(runs: readonly ListedRun[], now: number, paint: Paint): string {
  if (runs.length === 0)
    return 'There is no go-live, and none in the time the server remembers. To start one: golive start --help';
  const lines = rows(
    runs.map((run) => [
      named(run),
      where(run).toUpperCase(),
      `${run.release ?? '?'} ← ${run.previousRelease ?? '?'}`,
      [
        when(run, now),
        ...(run.holds.length === 0 ? [] : [`waits for an answer: ${run.holds.join(', ')}`]),
        ...(run.open ? [`owner ${run.decisionOwner ?? '?'}`] : []),
        ...(run.open ? [buildLine(run.build, true, now) ?? ''] : []),
      ]
        .filter(Boolean)
        .join(' · '),
    ]),
    (cells, [, state = '']) => paint(PHASE_COLOUR[state.toLowerCase()] ?? 'cyan', cells),
  );
  return [...lines, ...standingStill(runs, paint)].join('\n');
}

/** Which of them nobody carries on, and what to do about it. */
function standingStill(runs: readonly ListedRun[], paint: Paint): string[] {
  const still = runs.filter(({ open, build }) => open && build.workers === 0);
  const [first] = still;
  if (!first) return [];
  return [
    '',
    `${paint('red', paint('bold', 'NO WORKER'))} takes ${still.map(named).map(oneLine).join(', ')}: nothing is decided there until one is back. Start one where the playbook file and the ledger are: ${paint('bold', 'golive worker')} (or golive up)`,
    `What is known of it: golive status ${typedFor(first.workflowId)}`,
  ];
}

const named = ({ environment, dryRun }: ListedRun): string => (dryRun ? `${environment} (rehearsal)` : environment);

const where = ({ open, phase, outcome }: ListedRun): string => (open ? (phase ?? 'not begun') : (outcome ?? 'ended'));

const when = ({ open, since, startedAt, endedAt }: ListedRun, now: number): string =>
  open ? `for ${span(since ?? startedAt, now)}` : `at ${dayAndClock(endedAt ?? startedAt)}`;
