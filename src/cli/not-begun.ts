import type { WorkflowExecutionDescription } from '@temporalio/client';
import { dayAndClock } from './moments.js';

/**
 * When a run that has not begun begins by itself, as ISO text; undefined for one that has. A cron schedule and a start delay leave a run with
 * nothing in its history but its start, and no worker is asked for it: that nobody answers for it says nothing of workers.
 */
export function beginsAt({ historyLength, executionTime, startTime, status }: Pick<WorkflowExecutionDescription, 'historyLength' | 'executionTime' | 'startTime' | 'status'>): string | undefined {
  return status.name === 'RUNNING' && historyLength === 1 ? (executionTime ?? startTime).toISOString() : undefined;
}

export function notBegun(workflowId: string, at: string): string {
  return `It has not begun: it waits for a cron schedule or a start delay, until ${dayAndClock(at)}. End it with: temporal workflow terminate --workflow-id ${workflowId}`;
}
