import { patched } from '@temporalio/workflow';

/** No timer is set for a report: one that is late is a timeout of its activity, and a review comes with the report that it wants. Runs that 0.1.0 began have had one. */
export const noTimerForReports = (): boolean => patched('no timer for reports');
