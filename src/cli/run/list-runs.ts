import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { readWorkflowId, WORKFLOW_TYPE } from '../../domain/run/workflow-id.js';
import { readRemembered } from '../../temporal/left-with-server.js';
import { queueBuilds, type QueueBuilds } from '../../temporal/queue-builds.js';
import { runBuild, type RunBuild } from '../../temporal/run-build.js';
import { endedAs } from './known-facts.js';

/** The newest go-live of an environment, as the server lists it: nobody is asked but the server. Times are ISO. This is what `golive list --json` prints. */
export interface ListedRun {
  readonly environment: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly dryRun: boolean;
  readonly open: boolean;
  readonly release?: string | undefined;
  readonly previousRelease?: string | undefined;
  readonly decisionOwner?: string | undefined;
  /** Of an open one, as it last said it itself. */
  readonly phase?: string | undefined;
  /** When the phase began. */
  readonly since?: string | undefined;
  /** Of one that has ended; the server's word for one that was cut off. */
  readonly outcome?: string | undefined;
  readonly startedAt: string;
  readonly endedAt?: string;
  /** Questions that wait for an answer, as it last said it itself. */
  readonly holds: readonly string[];
  readonly build: RunBuild;
}

/** So many go-lives that have ended are looked through for the newest of each environment. */
const MOST_ENDED = 1_000;

/** The newest go-live of each environment, the open ones first; of rehearsals only open ones. Throws what the server says when it can't list. */
export async function listRuns(client: Client, namespace: string, now: number): Promise<ListedRun[]> {
  const ours = `WorkflowType = '${WORKFLOW_TYPE}'`;
  const open = await newest(client, `${ours} AND ExecutionStatus = 'Running'`, Infinity);
  const ended = await newest(
    client,
    `${ours} AND ExecutionStatus != 'Running' AND ExecutionStatus != 'ContinuedAsNew'`,
    MOST_ENDED,
  );
  const runs = [
    ...open.values(),
    ...[...ended.values()].filter(({ workflowId }) => !open.has(workflowId) && !readWorkflowId(workflowId)?.dryRun),
  ];
  const queues = new Map<string, QueueBuilds>();
  for (const { taskQueue } of open.values())
    if (!queues.has(taskQueue)) queues.set(taskQueue, await queueBuilds(client, namespace, taskQueue, 'workflows'));
  return runs
    .map((run) => listed(run, queues.get(run.taskQueue), now))
    .sort(
      (one, other) =>
        Number(other.open) - Number(one.open) ||
        one.environment.localeCompare(other.environment) ||
        Number(one.dryRun) - Number(other.dryRun),
    );
}

/** The newest run of each workflow ID: the server lists the newest first. */
async function newest(client: Client, query: string, most: number): Promise<Map<string, WorkflowExecutionInfo>> {
  const found = new Map<string, WorkflowExecutionInfo>();
  let seen = 0;
  for await (const run of client.workflow.list({ query })) {
    const before = found.get(run.workflowId);
    if (!before || before.startTime < run.startTime) found.set(run.workflowId, run);
    seen += 1;
    if (seen >= most) break;
  }
  return found;
}

function listed(run: WorkflowExecutionInfo, queue: QueueBuilds | undefined, now: number): ListedRun {
  const { workflowId, runId, status, startTime, closeTime, memo, raw } = run;
  const open = status.name === 'RUNNING';
  const { release, previousRelease, decisionOwner, phase, since, outcome, holds = [] } = readRemembered(memo) ?? {};
  const { environment, dryRun } = readWorkflowId(workflowId) ?? { environment: workflowId, dryRun: false };
  return {
    environment,
    workflowId,
    runId,
    dryRun,
    open,
    release,
    previousRelease,
    decisionOwner,
    ...(open ? { phase, since } : { outcome: endedAs(outcome, status.name) }),
    startedAt: startTime.toISOString(),
    ...(closeTime ? { endedAt: closeTime.toISOString() } : {}),
    holds: open ? holds.map(({ id }) => id) : [],
    build: runBuild({ workflowExecutionInfo: raw }, queue, now),
  };
}
