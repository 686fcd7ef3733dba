import { workflowInfo } from '@temporalio/workflow';
import type { GoLiveResult, GoLiveStatus, Outcome } from '../domain/status.js';
import type { GoLive } from './go-live.js';

/** The answer to the query `status`. */
export function statusOf(goLive: GoLive): GoLiveStatus {
  const { environment, release, previousRelease, decisionOwner } = goLive.input;
  return {
    workflowId: workflowInfo().workflowId,
    environment,
    release,
    previousRelease,
    decisionOwner,
    planHash: goLive.planHash,
    phase: goLive.phase,
    since: goLive.since,
    ...(goLive.outcome ? { outcome: goLive.outcome } : {}),
    ...(goLive.stop ? { stop: goLive.stop } : {}),
    preflight: goLive.preflight,
    stages: goLive.stages?.all ?? [],
    verification: goLive.verification,
    proof: goLive.proof,
    watching: goLive.isOpen && !goLive.outcome ? goLive.watching.checks() : [],
    blind: goLive.watching.blindness(),
    ineffective: goLive.ineffective,
    ...(goLive.steering.paused && !goLive.stop ? { paused: goLive.steering.paused } : {}),
    alerts: goLive.triggers.firing,
    holds: goLive.holds.open,
    commands: [...goLive.commandStates.values()],
    ...(goLive.hypercare.from === undefined ? {} : { hypercareEnds: new Date(goLive.hypercare.from + goLive.plan.hypercare.for).toISOString() }),
    ...(goLive.hypercare.status ? { hypercare: goLive.hypercare.status } : {}),
    messages: goLive.announcer.said.entries,
  };
}

/** What the workflow returns. */
export function resultOf(goLive: GoLive, outcome: Outcome, summary: string, table?: string): GoLiveResult {
  const { environment, release, previousRelease } = goLive.input;
  return {
    outcome,
    summary,
    environment,
    release,
    previousRelease,
    planHash: goLive.planHash,
    ...(goLive.stop ? { stop: goLive.stop } : {}),
    preflight: goLive.preflight,
    verification: goLive.verification,
    proof: goLive.proof,
    ...(table === undefined ? {} : { table }),
    ...(goLive.hypercare.result ? { hypercare: goLive.hypercare.result } : {}),
    timeline: goLive.timeline.entries,
  };
}
