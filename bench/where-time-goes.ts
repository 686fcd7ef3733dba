import type proto from '@temporalio/proto';

type History = proto.temporal.api.history.v1.IHistory;
type Event = proto.temporal.api.history.v1.IHistoryEvent;

/** A stretch of a run in which something was under way, in milliseconds of the server's clock. */
interface Stretch {
  readonly what: string;
  readonly from: number;
  readonly to: number;
}

/** Watching goes on beside everything, and is what a run waits for only when nothing else is under way. */
const BESIDE = ['observe', 'announce'];

/**
 * How many milliseconds of a run each thing takes up. Every moment counts once: for the activity that works, else for the one that waits for a worker, else
 * for the workflow task, else for what goes on beside, else for a timer, else for the server alone.
 */
export function whereTimeGoes({ events }: History): Map<string, number> {
  const all = events ?? [];
  const ranks = [activities(all, false), waiting(all), workflowTasks(all), activities(all, true), timers(all)];
  const moments = [...new Set(all.map(at).concat(ranks.flat().flatMap(({ from, to }) => [from, to])))].sort(
    (a, b) => a - b,
  );
  const taken = new Map<string, number>();
  for (const [index, from] of moments.slice(0, -1).entries()) {
    const to = moments[index + 1] ?? from;
    const what =
      ranks.flatMap((rank) => rank.find((each) => each.from <= from && to <= each.to)?.what ?? [])[0] ?? 'server';
    taken.set(what, (taken.get(what) ?? 0) + to - from);
  }
  return taken;
}

/** What doesn't depend on the machine: how many steps a run takes. */
export function stepsOf({ events }: History): Record<string, number> {
  const all = events ?? [];
  const tasks = all.filter((event) => event.workflowTaskCompletedEventAttributes).length;
  const scheduled = all.filter((event) => event.activityTaskScheduledEventAttributes).length;
  return { 'workflow tasks, their number': tasks, activities: scheduled, events: all.length };
}

function activities(events: readonly Event[], beside: boolean): Stretch[] {
  return events.flatMap((event) => {
    const started = event.activityTaskStartedEventAttributes;
    const name = started ? activityOf(events, Number(started.scheduledEventId)) : undefined;
    if (name === undefined || BESIDE.includes(name) !== beside) return [];
    const end = events.find((each) => startOf(each) === Number(event.eventId)) ?? events.at(-1);
    return [{ what: `${name} works`, from: at(event), to: end ? at(end) : at(event) }];
  });
}

function waiting(events: readonly Event[]): Stretch[] {
  return events.flatMap((event) => {
    const scheduledBy = event.activityTaskStartedEventAttributes?.scheduledEventId;
    const scheduled = events.find(
      ({ eventId }) => scheduledBy !== undefined && Number(eventId) === Number(scheduledBy),
    );
    const name = activityOf(events, Number(scheduledBy));
    if (!scheduled || BESIDE.includes(name ?? '')) return [];
    return [{ what: 'an activity waits for a worker', from: at(scheduled), to: at(event) }];
  });
}

function workflowTasks(events: readonly Event[]): Stretch[] {
  const scheduled = events.filter((event) => event.workflowTaskScheduledEventAttributes);
  return scheduled.flatMap((event) => {
    const completed = events.find(
      ({ workflowTaskCompletedEventAttributes: done }) => Number(done?.scheduledEventId) === Number(event.eventId),
    );
    return completed ? [{ what: 'workflow tasks', from: at(event), to: at(completed) }] : [];
  });
}

function timers(events: readonly Event[]): Stretch[] {
  return events.flatMap((event) => {
    const fired = event.timerFiredEventAttributes;
    const started = events.find(({ eventId }) => fired && Number(eventId) === Number(fired.startedEventId));
    return started ? [{ what: 'timers', from: at(started), to: at(event) }] : [];
  });
}

const activityOf = (events: readonly Event[], scheduledEventId: number): string | undefined =>
  events.find(({ eventId }) => Number(eventId) === scheduledEventId)?.activityTaskScheduledEventAttributes?.activityType
    ?.name ?? undefined;

const startOf = (event: Event): number =>
  Number(
    (
      event.activityTaskCompletedEventAttributes ??
      event.activityTaskFailedEventAttributes ??
      event.activityTaskCanceledEventAttributes
    )?.startedEventId,
  );

const at = ({ eventTime }: Event): number => Number(eventTime?.seconds) * 1_000 + Number(eventTime?.nanos) / 1e6;
