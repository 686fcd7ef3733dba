import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { seenSince } from '../../domain/watching/seen-since.js';
import { deepest } from '../../domain/text/deepest.js';
import type { GoLiveResult } from '../../domain/run/status.js';
import { observeQueue } from '../../domain/run/task-queues.js';
import { beginsAt } from '../../temporal/begins-at.js';
import { waitingTask } from '../../temporal/seen-run.js';
import { isUnreadable } from '../../temporal/unreadable.js';
import { readInput, readRemembered } from '../../temporal/left-with-server.js';
import { statusQuery, timelineQuery } from '../../workflows/people/messages.js';
import { faultOfRun } from '../../temporal/fault-of-run.js';
import { runBuild } from '../../temporal/run-build.js';
import { allSettled } from './all-settled.js';
import type { FoundServer } from '../server/find-server.js';
import { pendingQueues, pendingWork } from './pending-work.js';
import { pollersOf } from './pollers.js';
import { readRecent } from '../../temporal/recent-history.js';
import type { RunView } from './run-view.js';
import { seenUnderWay } from './seen-under-way.js';
import { serverFault } from '../server/server-fault.js';
import {
  isGrpcServiceError,
  QueryNotRegisteredError,
  WorkflowFailedError,
  WorkflowNotFoundError,
} from '../../temporal/sdk.js';

/** How long a workflow may take to answer a question before it counts as silent. */
export const ANSWER_MS = 3_000;
const SERVER_MS = 10_000;
/** gRPC's code of a call that was cancelled. */
const CANCELLED = 1;

/** The newest run under this workflow ID; undefined when there never was one. */
export async function findRun(client: Client, workflowId: string): Promise<WorkflowExecutionDescription | undefined> {
  try {
    return await client.withDeadline(Date.now() + SERVER_MS, () => client.workflow.getHandle(workflowId).describe());
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

/** The same. Throws a {@link CliError} that says which go-lives there are when there never was this one. */
export async function describeRun(
  client: Client,
  workflowId: string,
  server: FoundServer,
): Promise<WorkflowExecutionDescription> {
  const run = await findRun(client, workflowId);
  if (run) return run;
  const { noGoLive } = await import('./no-go-live.js');
  throw await noGoLive(client, workflowId, server);
}

/**
 * Asks everyone who may know something of a run: the workflow, the server, the task queues. Only the server has to answer. Its history is read where the run itself doesn't tell all that is shown.
 * @param whole with all that its history says
 */
export async function lookAtRun(
  client: Client,
  environment: string,
  description: WorkflowExecutionDescription,
  server: FoundServer,
  whole = false,
): Promise<RunView> {
  const { workflowId } = description;
  const { runId, taskQueue, status, memo, startTime, closeTime, raw } = description;
  const running = status.name === 'RUNNING' || status.name === 'PAUSED';
  const begins = beginsAt(description);
  const ofServer = <T>(read: () => Promise<T>): Promise<T> => client.withDeadline(Date.now() + SERVER_MS, read);
  const polled = (names: readonly string[]) =>
    running ? ofServer(() => pollersOf(client, server.target.namespace, taskQueue, names)) : Promise.resolve([]);
  const readHistory = () =>
    allSettled([
      ofServer(() => readRecent(client, workflowId, runId)),
      ofServer(() => readInput(client, workflowId, runId)),
    ]);
  const pendingOn = pendingQueues(raw);
  const known = [...new Set([taskQueue, observeQueue(taskQueue), ...(pendingOn ?? [])])];
  const [answer, ending, ofKnown, wanted] = await allSettled([
    begins === undefined ? ask(client, workflowId, runId) : Promise.resolve({ beginsAt: begins }),
    running ? Promise.resolve(undefined) : endOf(client, workflowId, runId),
    polled(known),
    whole ? readHistory() : Promise.resolve(undefined),
  ]);
  const task = waitingTask(raw);
  const tellsAll =
    'status' in answer &&
    (running ? task === undefined && pendingOn !== undefined : ending !== undefined && 'result' in ending);
  const [recent, input] = wanted ?? (tellsAll ? [] : await readHistory());
  const others = [...new Set(recent?.queueOf.values())].filter((name) => !known.includes(name));
  const queues = [...ofKnown, ...(await polled(others))];
  const [queue] = queues;
  const remembered = readRemembered(memo);
  const now = Date.now();
  const build = runBuild(raw, queue, now);
  const seen = { ...recent, workflowId, input, remembered, state: status.name, task };
  // Until it begins it needs no worker.
  const fault = faultOfRun({ ...seen, ...(begins === undefined ? { build, queue } : {}) }, now);
  return {
    environment,
    workflowId,
    runId,
    firstRunId: raw.workflowExecutionInfo?.firstRunId || runId,
    server: server.target.address,
    ...(server.uiUrl === undefined
      ? {}
      : { ui: `${server.uiUrl}/namespaces/${server.target.namespace}/workflows/${workflowId}/${runId}` }),
    running,
    state: status.name,
    startedAt: startTime.toISOString(),
    ...(closeTime ? { endedAt: closeTime.toISOString() } : {}),
    ...answer,
    ...('status' in answer && answer.status
      ? { status: { ...answer.status, watching: seenSince(answer.status.watching, seenUnderWay(raw)) } }
      : {}),
    ...ending,
    ...(remembered ? { remembered } : {}),
    ...(input ? { input } : {}),
    pending: running ? pendingWork(raw, recent?.queueOf) : [],
    queues,
    build,
    ...(fault ? { fault } : {}),
    ...(running && recent?.taskFailure !== undefined ? { taskFailure: recent.taskFailure } : {}),
  };
}

async function ask(
  client: Client,
  workflowId: string,
  runId: string,
): Promise<Pick<RunView, 'status' | 'timeline' | 'silence'>> {
  const handle = client.workflow.getHandle(workflowId, runId);
  try {
    const [status, timeline] = await client.withDeadline(Date.now() + ANSWER_MS, () =>
      allSettled([handle.query(statusQuery), handle.query(timelineQuery)]),
    );
    if (isUnreadable(status) || isUnreadable(timeline))
      return { silence: 'the answer can’t be read; it comes from another version of golive' };
    return { status, timeline };
  } catch (error) {
    return { silence: silenceOf(error) };
  }
}

/** Why nobody answered. The server itself has answered by then, so what is missing is a worker that does. */
function silenceOf(error: unknown): string {
  if (error instanceof QueryNotRegisteredError)
    return 'the workflow has not begun, or a worker of another version answered';
  const cause = error instanceof Error ? error.cause : undefined;
  // Its deadline passes at the server too, which may say first that it has cancelled the call.
  const isCancelled = isGrpcServiceError(cause) && Number(cause.code) === CANCELLED;
  if (isCancelled || serverFault(error)?.startsWith('it did not answer in time'))
    return `no worker answered within ${ANSWER_MS / 1_000} s`;
  const inner = cause instanceof Error ? cause.message : String(error);
  return `no worker answered: ${inner.replace(/^\d+ [A-Z_]+: /, '').replace(/\.$/, '')}`;
}

/** How a run that has ended did so; the newest where none is named. */
export async function endOf(
  client: Client,
  workflowId: string,
  runId?: string,
): Promise<Pick<RunView, 'result' | 'failure'>> {
  try {
    const result: unknown = await client.withDeadline(Date.now() + SERVER_MS, () =>
      client.workflow.getHandle(workflowId, runId, { followRuns: false }).result(),
    );
    return isGoLiveResult(result) ? { result } : { failure: 'it ended with a result that golive does not know' };
  } catch (error) {
    if (error instanceof WorkflowFailedError) return { failure: deepest(error) };
    throw error;
  }
}

export function isGoLiveResult(value: unknown): value is GoLiveResult {
  return typeof value === 'object' && value !== null && 'outcome' in value && 'summary' in value && 'timeline' in value;
}
