import type { WorkflowInternalsInterceptor } from '@temporalio/workflow';
import { QUERY_AHEAD } from '../../domain/run/query-ahead.js';

/**
 * The SDK (1.24.0) hands a workflow events that have had no workflow task yet when a query meets a worker that has just taken the run up, and with them the
 * clock of the last task that it replayed (docs/upstream/query-runs-ahead.md). What the code decides then is on record with the next task, whose clock is
 * another: the history would not replay. Such events are refused: the query fails, which may be asked again, and the next task brings the same events with
 * its own clock.
 */
export function refuseStaleClock(): WorkflowInternalsInterceptor {
  let before: Task | undefined;
  return {
    activate(input, next) {
      const { timestamp, historyLength, historySizeBytes, isReplaying } = input.activation;
      const task: Task = {
        clock: `${String(timestamp?.seconds)}.${timestamp?.nanos}`,
        events: historyLength ?? 0,
        bytes: String(historySizeBytes),
      };
      // The parts of one activation come one after the other, with the same number of events.
      const isAhead =
        !isReplaying && before?.clock === task.clock && before.bytes === task.bytes && task.events > before.events;
      if (isAhead)
        throw new Error(
          `${QUERY_AHEAD}: some of ${task.events} events have had no workflow task yet. Ask again: they come with their task.`,
        );
      before = task;
      next(input);
    },
  };
}

interface Task {
  readonly clock: string;
  readonly events: number;
  readonly bytes: string;
}
