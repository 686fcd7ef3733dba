import proto from '@temporalio/proto';

type Event = proto.temporal.api.history.v1.IHistoryEvent;

const SKIPPED = 60;

/**
 * The events that a run has whose time isn't skipped: without the skips, and without the timers by which the workflow waits out simulated segments of
 * watching, which report at once, and the workflow tasks that have no other cause.
 */
export function eventsOfRealRun(events: readonly Event[]): Event[] {
  const waits = new Set(events.filter(isWait).map((event) => event.timerStartedEventAttributes?.timerId));
  const isOfWait = (event: Event) => {
    const timer =
      event.timerStartedEventAttributes ?? event.timerFiredEventAttributes ?? event.timerCanceledEventAttributes;
    return timer ? waits.has(timer.timerId) : false;
  };
  const tasks = new Set<string>();
  let causes: Event[] = [];
  for (const event of events) {
    if (isCause(event)) causes.push(event);
    if (!event.workflowTaskStartedEventAttributes) continue;
    if (causes.length > 0 && causes.every(isOfWait))
      tasks.add(String(event.workflowTaskStartedEventAttributes.scheduledEventId));
    causes = [];
  }
  return events.filter(
    (event) => Number(event.eventType) !== SKIPPED && !isOfWait(event) && !tasks.has(String(taskOf(event))),
  );
}

/** How large they are, as the server keeps them. */
export const bytesOf = (events: Event[]): number =>
  proto.temporal.api.history.v1.History.encode({ events }).finish().length;

const isWait = ({ timerStartedEventAttributes, userMetadata }: Event): boolean =>
  Boolean(timerStartedEventAttributes) &&
  Buffer.from(userMetadata?.summary?.data ?? [])
    .toString()
    .includes('until the segment is over');

/** What wakes a workflow and is an event. */
const isCause = (event: Event): boolean =>
  [
    event.timerFiredEventAttributes,
    event.activityTaskCompletedEventAttributes,
    event.activityTaskFailedEventAttributes,
    event.activityTaskTimedOutEventAttributes,
    event.activityTaskCanceledEventAttributes,
    event.workflowExecutionSignaledEventAttributes,
  ].some(Boolean);

/** The event that scheduled the workflow task of which this is one. */
const taskOf = (event: Event) =>
  event.workflowTaskScheduledEventAttributes
    ? event.eventId
    : (event.workflowTaskStartedEventAttributes ?? event.workflowTaskCompletedEventAttributes)?.scheduledEventId;
