import { WORKFLOW_TYPE } from '../domain/run/workflow-id.js';

/** What the server is asked for the go-lives of one task queue. */
export const runsOn = (taskQueue: string): string =>
  `WorkflowType = '${WORKFLOW_TYPE}' AND TaskQueue = '${taskQueue.replaceAll("'", "''")}'`;

/** Of these, those that are open. */
export const openRunsOn = (taskQueue: string): string => `${runsOn(taskQueue)} AND ExecutionStatus = 'Running'`;
