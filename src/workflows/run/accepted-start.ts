import { ApplicationFailure, workflowInfo } from '@temporalio/workflow';
import { parseGoLiveInput, type GoLiveInput } from '../../domain/run/input.js';
import { workflowIdOf } from '../../domain/run/workflow-id.js';

/** Refuses what would make the promises untrue: a wrong input, a wrong ID, a server-side timeout, retry or schedule. */
export function acceptedStart(raw: unknown): GoLiveInput {
  const { workflowId, startTime, executionTimeoutMs, runTimeoutMs, retryPolicy, cronSchedule } = workflowInfo();
  const isFirstOfItsChain = workflowInfo().continuedFromExecutionRunId === undefined;
  const refuse = (why: string) => ApplicationFailure.nonRetryable(why, 'RefusedStart');
  let input;
  try {
    input = parseGoLiveInput(raw);
  } catch (error) {
    throw refuse((error as Error).message);
  }
  if (isFirstOfItsChain && input.startAt !== undefined && Date.parse(input.startAt) <= startTime.getTime())
    throw refuse(
      `This go-live can't start: startAt ${input.startAt} is over, it was started at ${startTime.toISOString()}. Give a moment ahead, or leave startAt out to begin at once.`,
    );
  const wanted = workflowIdOf(input);
  if (workflowId !== wanted)
    throw refuse(
      `The workflow ID is the environment's lock: start this one with --workflow-id ${wanted}, not ${workflowId}.`,
    );
  // Clients that set no timeout may say so with a zero.
  if (executionTimeoutMs || runTimeoutMs)
    throw refuse(
      'A go-live must not be cut off by the server: start it without --execution-timeout and --run-timeout.',
    );
  if (retryPolicy !== undefined)
    throw refuse('A go-live is never repeated by itself: start it without a retry policy.');
  // The server goes on with the schedule, and its next run holds the environment's lock, until somebody ends it.
  if (cronSchedule)
    throw refuse(
      `A go-live is never started by a cron schedule: end this one with "temporal workflow terminate --workflow-id ${workflowId}" and start it without.`,
    );
  return input;
}
