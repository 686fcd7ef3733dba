import type { Client } from '@temporalio/client';
import type { GoLiveInput } from '../../domain/run/input.js';
import { WORKFLOW_TYPE, workflowIdOf } from '../../domain/run/workflow-id.js';
import { inMarkdown } from '../../domain/run/status-markdown.js';
import type { GoLiveResult } from '../../domain/run/status.js';
import { WORKFLOW_TASK_TIMEOUT } from '../../temporal/server-settings.js';
import { beginsAt } from '../../temporal/begins-at.js';
import { readRemembered } from '../../temporal/left-with-server.js';
import { CliError } from '../exit/cli-error.js';
import { EXIT } from '../exit/exit-codes.js';
import type { FoundServer } from '../server/find-server.js';
import { missingBuild } from '../../temporal/missing-build.js';
import { describeRun } from './look-at-run.js';
import { notBegun } from './not-begun.js';
import { pollersOf } from './pollers.js';
import { oneLine } from '../terminal/terminal-text.js';
import { WorkflowExecutionAlreadyStartedError } from '../../temporal/sdk.js';

const SERVER_MS = 10_000;

export interface BegunRun {
  readonly workflowId: string;
  readonly runId: string;
}

/** Starts the workflow; one that runs already for this environment is left alone and refused with a {@link CliError} (design §4). */
export async function beginRun(
  client: Client,
  input: GoLiveInput,
  taskQueue: string,
  server: FoundServer,
): Promise<BegunRun> {
  const workflowId = workflowIdOf(input);
  try {
    const handle = await client.withDeadline(Date.now() + SERVER_MS, () =>
      client.workflow.start<(input: GoLiveInput) => Promise<GoLiveResult>>(WORKFLOW_TYPE, {
        workflowId,
        taskQueue,
        args: [input],
        workflowIdConflictPolicy: 'FAIL',
        workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
        staticSummary: `${input.rollback ? `rollback of ${input.release} to ${input.previousRelease} in` : `${input.release} to`} ${input.environment}${input.dryRun ? ' (dry run)' : ''}, ${input.decisionOwner}`,
        staticDetails: detailsOf(input),
      }),
    );
    return { workflowId, runId: handle.firstExecutionRunId };
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    throw new CliError(EXIT.refused, await whatRuns(client, input, workflowId, server), { cause: error });
  }
}

/** Says that nobody is there to do what was just begun, if that is so. */
export async function missingWorker(
  client: Client,
  taskQueue: string,
  { target }: FoundServer,
): Promise<string | undefined> {
  const [queue] = await client.withDeadline(Date.now() + SERVER_MS, () =>
    pollersOf(client, target.namespace, taskQueue),
  );
  if (queue && queue.pollers.length > 0) {
    const missing = missingBuild(
      { behavior: 'unversioned', ...(queue.current === undefined ? {} : { next: queue.current }) },
      queue,
      Date.now(),
    );
    return missing && `Nothing happens yet: ${missing.why}. ${missing.todo.join(' ')}`;
  }
  return `No worker polls the task queue ${oneLine(taskQueue)} yet, so nothing happens until one does: golive worker (or golive up).`;
}

async function whatRuns(
  client: Client,
  { environment, dryRun, rollback }: GoLiveInput,
  workflowId: string,
  server: FoundServer,
): Promise<string> {
  const description = await describeRun(client, workflowId, server);
  const { startTime, memo } = description;
  const begins = beginsAt(description);
  if (begins !== undefined)
    return `A ${dryRun ? 'dry run' : 'go-live'} was already started for ${environment} (${workflowId}, at ${startTime.toISOString()}). ${notBegun(workflowId, begins)}. Nothing was started.`;
  const known = readRemembered(memo);
  const what = known?.release === undefined ? '' : ` of ${oneLine(known.release)}`;
  const phase = known?.phase === undefined ? '' : `, now ${oneLine(known.phase)}`;
  const flag = dryRun ? ' --dry-run' : '';
  if (rollback) {
    return `A go-live or rollback${what} is open for ${environment} (${workflowId}, since ${startTime.toISOString()}${phase}): to take it back, abort it: golive abort ${environment}. Nothing was started.`;
  }
  return (
    `A ${dryRun ? 'dry run' : 'go-live'}${what} already runs for ${environment} (${workflowId}, since ${startTime.toISOString()}${phase}); an environment has one at a time, through its hypercare. ` +
    `Look at it: golive status ${environment}${flag}. Stop it: golive abort ${environment}${flag}. Nothing was started.`
  );
}

function detailsOf({ environment, release, previousRelease, decisionOwner, dryRun, rollback }: GoLiveInput): string {
  if (rollback)
    return `Release ${release} is taken back to ${previousRelease} in ${environment}. Decision owner: ${inMarkdown(decisionOwner)}. Reason: ${inMarkdown(rollback.reason)}.`;
  const what = dryRun
    ? 'A rehearsal: nothing is executed but the checklist’s own dry run.'
    : `A rollback goes back to ${previousRelease}.`;
  return [
    `Release ${release} to ${environment}. Decision owner: ${inMarkdown(decisionOwner)}. ${what}`,
    '',
    'To abort, send the signal `abort` with `{"reason": "…", "by": "…"}`.',
  ].join('\n');
}
