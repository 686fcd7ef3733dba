import { shellWord } from '../domain/text/shell-word.js';

/** The worker deployment of a task queue has the queue's name: `golive`. Two sets of workers in one namespace, by their queues, are two deployments. */
export const deploymentOf = (taskQueue: string): string => taskQueue;

/** Why workers of this queue can't run with versioning; nothing when they can. The server takes such names and then gives their workers no work. */
export function unfitForVersioning(taskQueue: string): string | undefined {
  if (!/[.:]/.test(taskQueue) && !taskQueue.startsWith('__')) return undefined;
  return `The task queue "${taskQueue}" can't be used with versioning: its name is the worker deployment's, which has no dot or colon in it and doesn't begin with two underscores.`;
}

/** Makes a build the one that new runs go to, for people to paste. Without a build: workers without versioning. */
export const setCurrentCommand = (taskQueue: string, buildId: string | undefined): string =>
  `temporal worker deployment set-current-version --deployment-name ${shellWord(deploymentOf(taskQueue))} ${buildId === undefined ? '--unversioned' : `--build-id ${shellWord(buildId)}`} --yes`;

/** Moves a run to a build with its next workflow task, for people to paste. It is pinned there then. */
export const moveCommand = (workflowId: string, taskQueue: string, buildId: string): string =>
  `temporal workflow update-options --workflow-id ${shellWord(workflowId)} --versioning-override-behavior one_time --versioning-override-deployment-name ${shellWord(deploymentOf(taskQueue))} --versioning-override-build-id ${shellWord(buildId)}`;

/** Takes back where a run was moved to, for people to paste: it goes on with the build that it was pinned to. */
export const moveBackCommand = (workflowId: string): string =>
  `temporal workflow update-options --workflow-id ${shellWord(workflowId)} --versioning-override-behavior unspecified`;
