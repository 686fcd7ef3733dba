import { runFault, type RunFault, type RunSeen } from '../domain/run/run-fault.js';
import { moveBackCommand } from './deployment.js';
import { missingBuild } from './missing-build.js';
import type { QueueBuilds } from './queue-builds.js';
import type { RunBuild } from './run-build.js';

/** A run from outside, with who could take it. */
export interface RunOnQueue extends RunSeen {
  /** Its build, and its workflow's task queue; missing when they aren't known or don't matter any more. */
  readonly build?: RunBuild | undefined;
  readonly queue?: QueueBuilds | undefined;
}

/**
 * Says what is wrong with a run that can't say it itself: what {@link runFault} sees, or that workers poll its queue and none of them takes it. Nothing when nothing is.
 * @param now epoch milliseconds
 * @param wasStuck people have been told so: it is until a task of it has been completed
 */
export function faultOfRun(run: RunOnQueue, now: number, wasStuck = false): RunFault | undefined {
  const fault = runFault(run, now, wasStuck);
  return fault ? withWayBack(fault, run) : desertedFault(run, now);
}

function desertedFault({ workflowId, state, remembered, build, queue }: RunOnQueue, now: number): RunFault | undefined {
  if (state !== 'RUNNING' || !build || !queue) return undefined;
  const missing = missingBuild({ ...build, workflowId }, queue, now);
  if (!missing) return undefined;
  const where = remembered?.phase === undefined ? 'before its first phase' : `in the phase ${remembered.phase}`;
  return {
    kind: 'stuck',
    what: `The go-live ${workflowId} stands still ${where}: ${missing.why}`,
    todo: [
      'Until that ends nothing of it is decided: no trigger fires, an abort is kept and not acted on. Commands that run go on under their supervisors.',
      ...missing.todo,
    ],
  };
}

/** Of a run whose own code fails on the build that it was moved to the way back comes first. */
function withWayBack(fault: RunFault, { workflowId, build }: RunOnQueue): RunFault {
  if (fault.kind !== 'stuck' || !build || build.behavior === 'unversioned') return fault;
  const { id, next } = build;
  if (id === undefined || next === undefined || next === id) return fault;
  const back = `It was moved from build ${id} to build ${next}, and has not got there. Take that back: ${moveBackCommand(workflowId)}`;
  return { ...fault, todo: [back, ...fault.todo] };
}
