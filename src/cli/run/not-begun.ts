import { dayAndClock } from '../terminal/moments.js';

/** What to say of a run that waits to begin until `at`, ISO text. */
export function notBegun(workflowId: string, at: string): string {
  return `It has not begun: it waits for a cron schedule or a start delay, until ${dayAndClock(at)}. End it with: temporal workflow terminate --workflow-id ${workflowId}`;
}
