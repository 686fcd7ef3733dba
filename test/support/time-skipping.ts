/**
 * Time skipping on the Temporal CLI's development server (server 1.32), per workflow. The API is young: all of it is in this file.
 *
 * How it behaves, as tried:
 * - Enabled already in the start request, so nothing runs in real time before it. Enabling it later works too.
 * - Whenever nothing but timers is pending, the workflow's clock jumps to the next one. 72 h of hourly timers take about 1.5 s.
 *   The clock is real in between: work shows as some milliseconds per step, so a timer due at 10m00 fires at 10m00.0xx, never early,
 *   and timers fire in the order in which they are due.
 * - Time stands still (passes at its real pace) while an activity runs or a workflow task is open. An activity's retry backoff is
 *   skipped like a timer. So test activities return at once.
 * - A fast-forward ends at its moment even when no timer is due there; from then on time passes at its real pace until the next call:
 *   a signal sent after `fastForwardTo(…, '9m59s')` arrives at 9m59.0xx.
 * - Each jump counts against `maxSessionSkipCount` (100 unless set; any change of the settings starts the count anew). Once it is
 *   reached, time passes at its real pace: the run looks hung.
 * - Every jump is an event of the history (WorkflowExecutionTimeSkippingTransitioned, type 60).
 * - A timer of 10 minutes is due 10 minutes after the workflow *started the timer*, some milliseconds after its own start: a signal sent
 *   at exactly 10m still came before a timer of 10m set at the start. To be surely past it, go to 10m1s.
 * - A child workflow inherits the setting and has a clock of its own; its parent's clock doesn't move while it waits for the child.
 * - Without a worker nothing is skipped; once a worker has taken the open task, the skipping goes on.
 * - A fast-forward goes on across continue-as-new; moments are counted from the start of the latest run. Polls have a deadline here,
 *   because one for a chain of runs was seen not to return after the chain's end.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { toPayloads } from '@temporalio/common';
import { msToTs, optionalTsToMs } from '@temporalio/common/lib/time.js';
import type { temporal } from '@temporalio/proto';
import { parseDuration } from '../../src/domain/time/duration.js';
import { startDevServer } from '../../src/temporal/dev-server.js';
import type { DevServer } from '../../src/temporal/dev-server.js';
import type { DynamicConfig } from '../../src/temporal/server-settings.js';
import { PATIENCE_MS } from './patience.js';
import payloadConverterModule from '../../src/temporal/payload-converter.cjs';

const MOST_SKIPS = 100_000;

/** Starts a development server without UI or database file on which workflows may skip time. Stop it when the tests are over. */
export async function startTimeSkippingServer(more: DynamicConfig = {}): Promise<DevServer> {
  return await startDevServer({
    uiPort: false,
    dynamicConfig: {
      'frontend.WorkflowTimeSkippingEnabled': true,
      // Nobody dies here; on a busy machine a task takes its time.
      'history.defaultWorkflowTaskTimeout': '10s',
      'history.timerProcessorMaxTimeShift': '1ms',
      'history.timerProcessorMaxPollRPS': 10_000,
      'history.timerProcessorMaxPollHostRPS': 10_000,
      'history.transferProcessorMaxPollRPS': 10_000,
      ...more,
    },
  });
}

export interface SkippingStart {
  readonly workflowId: string;
  readonly taskQueue: string;
  readonly args?: readonly unknown[];
  /** Skip up to this moment after the start, e.g. `9m59s`, and wait until it has come; to the end of the workflow when left out. */
  readonly until?: string;
}

/** Starts a workflow that skips time from its first moment on. */
export async function startWithTimeSkipping(
  client: Client,
  workflowType: string,
  start: SkippingStart,
): Promise<WorkflowHandle> {
  const forward = start.until === undefined ? undefined : fastForward(parseDuration(start.until));
  const payloads = toPayloads(payloadConverterModule.payloadConverter, ...(start.args ?? []));
  const { runId } = await client.workflowService.startWorkflowExecution({
    namespace: client.options.namespace,
    requestId: randomUUID(),
    workflowId: start.workflowId,
    workflowType: { name: workflowType },
    taskQueue: { name: start.taskQueue },
    ...(payloads === undefined ? {} : { input: { payloads } }),
    timeSkippingConfig: skipping(forward),
  });
  if (forward) await arrival(client, start.workflowId, forward.id);
  return client.workflow.getHandle(start.workflowId, undefined, { firstExecutionRunId: runId });
}

/** Lets a running workflow skip time to its end, or goes on after a fast-forward. */
export async function enableTimeSkipping(client: Client, workflowId: string): Promise<void> {
  await configure(client, workflowId, skipping());
}

/**
 * Fast-forwards to a moment counted from the workflow's start and returns once its clock has reached it (a few milliseconds past it at
 * most while nothing else runs). Time then passes at its real pace. Throws when the moment is over, the workflow ends before, or it
 * doesn't come because something keeps time standing still.
 */
export async function fastForwardTo(client: Client, workflowId: string, moment: string): Promise<void> {
  const now = await virtualTime(client, workflowId);
  const left = parseDuration(moment) - now;
  if (left <= 0) throw new Error(`${moment} after the start of ${workflowId} is over: its clock shows ${now} ms.`);
  const forward = fastForward(left);
  await configure(client, workflowId, skipping(forward));
  await arrival(client, workflowId, forward.id);
}

/** The workflow's own clock, in milliseconds since the start of its latest run. */
export async function virtualTime(client: Client, workflowId: string): Promise<number> {
  const { info, start } = await timeSkippingInfo(client, workflowId);
  return (optionalTsToMs(info?.currentTime) ?? Date.now()) - start;
}

interface FastForward {
  readonly id: string;
  readonly duration: ReturnType<typeof msToTs>;
}

function fastForward(milliseconds: number): FastForward {
  return { id: randomUUID(), duration: msToTs(milliseconds) };
}

function skipping(forward?: FastForward): temporal.api.common.v1.ITimeSkippingConfig {
  return { enabled: true, maxSessionSkipCount: MOST_SKIPS, ...(forward ? { fastForwardConfig: forward } : {}) };
}

async function configure(
  client: Client,
  workflowId: string,
  timeSkippingConfig: temporal.api.common.v1.ITimeSkippingConfig,
): Promise<void> {
  await client.workflowService.updateWorkflowExecutionOptions({
    namespace: client.options.namespace,
    workflowExecution: { workflowId },
    workflowExecutionOptions: { timeSkippingConfig },
    updateMask: { paths: ['time_skipping_config'] },
  });
}

async function arrival(client: Client, workflowId: string, fastForwardId: string): Promise<void> {
  const namespace = client.options.namespace;
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    const poll = client.connection.withDeadline(Date.now() + 2_000, () =>
      client.workflowService.pollWorkflowExecutionTimeSkipping({
        namespace,
        workflowExecution: { workflowId },
        fastForwardId,
      }),
    );
    const answer = await poll.catch(() => undefined); // the deadline of this one poll, or a run that has continued as new: ask again
    if (answer?.fastForwardInfo?.hasCompleted) return;
    if (answer?.failedReason)
      throw new Error(`${workflowId} never came to the moment to skip to: ${answer.failedReason}.`);
    const { info } = await timeSkippingInfo(client, workflowId);
    if (info?.fastForwardInfo?.hasCompleted || info?.effectiveConfig?.enabled === false) return;
    await sleep(20);
  }
  throw new Error(
    `${workflowId} did not come to the moment to skip to within ${PATIENCE_MS / 1000} s: does an activity run, or is no worker there?`,
  );
}

async function timeSkippingInfo(client: Client, workflowId: string) {
  const answer = await client.workflowService.describeWorkflowExecution({
    namespace: client.options.namespace,
    execution: { workflowId },
  });
  return {
    info: answer.workflowExtendedInfo?.timeSkippingInfo,
    start: optionalTsToMs(answer.workflowExecutionInfo?.startTime) ?? 0,
  };
}
