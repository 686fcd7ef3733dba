import type { WorkflowExecutionDescription } from '@temporalio/client';

/**
 * When a run that has not begun begins by itself, as ISO text; undefined for one that has. A run with a cron schedule or a start delay waits without
 * a task for any worker: that nobody answers for it says nothing of workers. One that a signal has begun early has a task, an activity, or the
 * memo that a go-live leaves at its first phase.
 */
export function beginsAt({
  raw,
  memo,
  executionTime,
  startTime,
  status,
}: Pick<WorkflowExecutionDescription, 'raw' | 'memo' | 'executionTime' | 'startTime' | 'status'>): string | undefined {
  const waits = status.name === 'RUNNING' && executionTime !== undefined && executionTime > startTime;
  const begun =
    Boolean(raw.pendingWorkflowTask) || (raw.pendingActivities ?? []).length > 0 || memo?.['goLive'] !== undefined;
  return waits && !begun ? executionTime.toISOString() : undefined;
}
