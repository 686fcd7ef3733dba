import type { WorkflowExecutionDescription } from '@temporalio/client';
import type { SeenSince } from '../../domain/watching/seen-since.js';
import { firstValue, list, number, object, oneOf, text } from '../../temporal/shape.js';

const state = object(
  {
    check: text,
    target: text,
    standing: oneOf('not looked at', 'clean', 'failing', 'blind', 'idle'),
    failures: number,
  },
  { last: text, value: number },
);
const progress = object({ seen: object({ states: list(state) }) });

/** What the segments of watching that are under way have seen so far: the server has it from their last heartbeats, some seconds old, and no history grows by it. */
export function seenUnderWay({
  pendingActivities,
}: Pick<WorkflowExecutionDescription['raw'], 'pendingActivities'>): SeenSince[] {
  return (pendingActivities ?? []).flatMap(({ activityType, heartbeatDetails }) =>
    activityType?.name === 'observe' ? (progress(firstValue(heartbeatDetails))?.seen.states ?? []) : [],
  );
}
