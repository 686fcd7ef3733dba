import { workflowInfo } from '@temporalio/workflow';
import type { GoLiveResult, GoLiveStatus, Outcome } from '../../domain/run/status.js';
import type { GoLive } from './go-live.js';

/** The answer to the query `status`. */
export function statusOf(goLive: GoLive): GoLiveStatus {
  const { environment, release, previousRelease } = goLive.input;
  const { promised, channels, said } = goLive.announcer;
  const { freezeOverride } = goLive.beginning;
  const deadMan = goLive.deadMan.status;
  return {
    workflowId: workflowInfo().workflowId,
    environment,
    release,
    previousRelease,
    decisionOwner: goLive.decisionOwner,
    planHash: goLive.planHash,
    phase: goLive.phase,
    since: goLive.since,
    beganAt: goLive.beganAt,
    ...(goLive.outcome ? { outcome: goLive.outcome } : {}),
    ...(goLive.stop ? { stop: goLive.stop } : {}),
    preflight: goLive.preflight,
    stages: goLive.stages?.all ?? [],
    verification: goLive.verification,
    proof: goLive.proof,
    ...(goLive.restore.status ? { restore: goLive.restore.status } : {}),
    watching: goLive.isOpen && !goLive.outcome ? goLive.watching.checks() : [],
    blind: goLive.watching.blindness(),
    ineffective: goLive.ineffective,
    ...(goLive.steering.paused && !goLive.stop ? { paused: goLive.steering.paused } : {}),
    alerts: goLive.triggers.alerts,
    holds: goLive.holds.open,
    commands: [...goLive.commandStates.values()],
    ...(goLive.hypercare.from === undefined
      ? {}
      : { hypercareEnds: new Date(goLive.hypercare.from + goLive.plan.hypercare.for).toISOString() }),
    ...(goLive.hypercare.status ? { hypercare: goLive.hypercare.status } : {}),
    ...(goLive.phase === 'scheduled' ? { beginsAt: new Date(goLive.beginning.at).toISOString() } : {}),
    ...(freezeOverride === undefined ? {} : { freezeOverride }),
    ...(goLive.supersession.by ? { supersededBy: goLive.supersession.by } : {}),
    ...(deadMan ? { deadMan } : {}),
    messages: said.entries,
    ...(promised ? { nextUpdate: new Date(promised.by).toISOString() } : {}),
    channels: channels.status,
    undelivered: channels.missed,
  };
}

/** What the workflow returns. */
export function resultOf(goLive: GoLive, outcome: Outcome, summary: string, table?: string): GoLiveResult {
  const { environment, release, previousRelease } = goLive.input;
  const { missed } = goLive.announcer.channels;
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
    ...(goLive.beginning.freezeOverride === undefined ? {} : { freezeOverride: goLive.beginning.freezeOverride }),
    ...(goLive.supersession.by ? { supersededBy: goLive.supersession.by } : {}),
    ...(goLive.restore.status ? { restore: goLive.restore.status } : {}),
    ...(table === undefined ? {} : { table }),
    ...(goLive.hypercare.result ? { hypercare: goLive.hypercare.result } : {}),
    timeline: goLive.timeline.entries,
    ...(missed.length > 0 ? { undelivered: missed } : {}),
  };
}
