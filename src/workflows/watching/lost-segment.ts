import { TimeoutFailure } from '@temporalio/workflow';
import type { Progress } from '../../activities/watching/observe.js';
import type { Segment } from '../../domain/watching/segment.js';
import { causeOf } from '../run/away.js';

/** Whether a segment ended because nobody began it, its worker was heard of no more, or its report was late. */
export const hasTimedOut = (error: unknown): boolean => causeOf(error) instanceof TimeoutFailure;

/** The report in the last heartbeat of a worker that is heard of no more, if it is that. */
export function lastTold(error: unknown): Segment | undefined {
  const cause = causeOf(error);
  return cause instanceof TimeoutFailure ? (cause.lastHeartbeatDetails as Progress | undefined)?.seen : undefined;
}
