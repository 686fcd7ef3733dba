import { ago, span } from '../terminal/moments.js';
import { typedFor } from '../../domain/run/workflow-id.js';
import type { Paint } from '../terminal/paint.js';
import type { PendingWork, Queue, RunView } from '../run/run-view.js';
import { oneLine } from '../terminal/terminal-text.js';
import { asking } from '../../temporal/queue-builds.js';

/** Work that waits longer than this for a worker is worth a line. */
const STUCK_MS = 10_000;

/** What can be said of a run when no worker answers: who is missing, what waits, and what to do now. */
export function silenceLines(view: RunView, now: number, paint: Paint): string[] {
  const kept = `  An abort is kept by the server meanwhile and acts first when ${view.fault ? 'it decides again' : 'a worker is back'}: ${paint('bold', `golive abort ${typedFor(view.workflowId)}`)}`;
  const silence = `${paint('red', paint('bold', 'NO ANSWER'))}: ${oneLine(view.silence ?? '')}.`;
  // Why is said above: it isn't for want of a worker.
  if (view.fault) return ['', silence, ...missingLines(view, now), kept];
  return [
    '',
    `${silence} Nothing is decided until a worker is back; commands that run go on under their supervisors.`,
    ...missingLines(view, now),
    adviceLine(view, now, paint),
    kept,
  ];
}

/** What was asked when somebody last answered, who is missing, and what waits. A fault has said already that it isn't for want of a worker. */
export const missingLines = (view: RunView, now: number): string[] => [
  ...(view.status ? [] : rememberedLines(view, now)),
  ...(view.fault ? [] : [...view.queues.map((queue) => `  ${queueLine(queue, now)}`), ...taskFailureLines(view)]),
  ...pendingLines(view.pending, now),
];

const rememberedLines = ({ remembered }: RunView, now: number): string[] =>
  (remembered?.holds ?? []).map(({ id, reason, choices = [], openedAt }) => {
    const since = openedAt === undefined ? '' : `, open ${span(openedAt, now)}`;
    const why = reason === undefined ? '' : `: ${reason}`;
    return `  ${oneLine(`hold ${id}${since} (${choices.join(' | ')}), to be answered once a worker is back${why}`)}`;
  });

/** What to do about it. */
export function adviceLine({ queues }: RunView, now: number, paint: Paint): string {
  return queues.flatMap(({ pollers }) => asking(pollers, now)).length === 0
    ? `  No worker polls. Start one where the playbook file and the ledger are: ${paint('bold', 'golive worker')} (or golive up). It carries on where this stopped.`
    : `  A worker polled a moment ago: it may be busy, or have just died. Look again, look at its log, or start one: ${paint('bold', 'golive worker')}.`;
}

/** Beside an answering worker: work that fails or that nobody takes. */
export function workLines(view: RunView, now: number, paint: Paint): string[] {
  const stuck = view.pending.filter(
    (each) => each.lastFailure !== undefined || (each.state === 'waiting for a worker' && isOld(each.since, now)),
  );
  const deserted = view.queues.filter(
    (queue) => asking(queue.pollers, now).length === 0 && view.pending.some((each) => each.queue === queue.name),
  );
  if (stuck.length === 0 && deserted.length === 0 && view.taskFailure === undefined) return [];
  return [
    '',
    paint('yellow', 'Waiting for'),
    ...(view.fault ? [] : taskFailureLines(view)),
    ...deserted.map((queue) => `  ${queueLine(queue, now)}`),
    ...pendingLines(stuck, now),
  ];
}

function queueLine(queue: Queue, now: number): string {
  const pollers = queue.pollers.map(
    ({ identity, lastAsked }) =>
      `${oneLine(identity)}${lastAsked === undefined ? '' : ` asked for work ${ago(lastAsked, now)}`}`,
  );
  return `${oneLine(queue.name)}: ${pollers.length === 0 ? 'no worker polls it' : pollers.join(', ')}`;
}

function taskFailureLines({ taskFailure }: RunView): string[] {
  return taskFailure === undefined
    ? []
    : [`  The workflow's own code fails and is tried again: ${oneLine(taskFailure)}`];
}

function pendingLines(pending: readonly PendingWork[], now: number): string[] {
  return pending.map(({ activity, queue, state, attempt, since, lastHeartbeat, lastFailure }) => {
    const facts = [
      `${state}${since === undefined ? '' : ` for ${span(since, now)}`}${queue === undefined ? '' : ` on ${oneLine(queue)}`}`,
      ...(attempt > 1 ? [`attempt ${attempt}`] : []),
      ...(lastHeartbeat === undefined ? [] : [`last sign of life ${ago(lastHeartbeat, now)}`]),
      ...(lastFailure === undefined ? [] : [`last failure: ${oneLine(lastFailure)}`]),
    ];
    return `  ${oneLine(activity)}: ${facts.join(', ')}`;
  });
}

const isOld = (since: string | undefined, now: number) => since !== undefined && now - Date.parse(since) > STUCK_MS;
