import { workflowInfo } from '@temporalio/workflow';
import { channelStatus } from '../../domain/announcing/channel-state.js';
import { isExternal } from '../../domain/plan/playbook/trigger.js';
import { outcomeOf, phaseOf, stopOf, supersededBy, type Course } from '../../domain/run/course.js';
import type { Remembered } from '../../domain/run/remembered.js';
import type { GoLiveResult, GoLiveStatus, Outcome } from '../../domain/run/status.js';
import { entriesOf } from '../../domain/run/timeline.js';
import { iso } from '../../domain/time/iso.js';
import { hypercareOf } from '../hypercare/hypercare-record.js';
import { beginsAt } from '../phases/beginning.js';
import type { Run } from './run.js';

/** The answer to the query `status`. */
export function statusOf(run: Run): GoLiveStatus {
  const { state, input, isOpen } = run;
  const { environment, release, previousRelease } = input;
  const { course, beginning, announcements, deadMan, restore, hypercare, paused } = state;
  const outcome = outcomeOf(course);
  const stop = stopOf(course);
  const superseded = supersededBy(course);
  const care = hypercareOf(run).status;
  const { promised } = announcements;
  return {
    workflowId: workflowInfo().workflowId,
    environment,
    release,
    previousRelease,
    decisionOwner: state.decisionOwner,
    planHash: run.planHash,
    phase: phaseOf(course),
    since: state.since,
    beganAt: state.beganAt,
    ...(outcome ? { outcome } : {}),
    ...(stop ? { stop } : {}),
    preflight: state.preflight,
    stages: state.stages,
    verification: state.verification,
    proof: state.proof,
    ...(restore.status ? { restore: restore.status } : {}),
    watching: isOpen && !outcome ? run.watches.checks() : [],
    blind: run.watches.blindness(),
    ineffective: state.ineffective,
    ...(paused && !stop ? { paused } : {}),
    alerts: run.triggers.alerts,
    ...(state.advised ? { advised: state.advised } : {}),
    holds: run.holds.openNow,
    answered: state.answered ?? [],
    commands: Object.values(state.commands.states),
    ...(hypercare.from === undefined ? {} : { hypercareEnds: iso(hypercare.from + run.plan.hypercare.for) }),
    ...(care ? { hypercare: care } : {}),
    ...(course.is === 'scheduled' ? { beginsAt: iso(beginsAt(run)) } : {}),
    ...(beginning.freezeOverride === undefined ? {} : { freezeOverride: beginning.freezeOverride }),
    ...(superseded ? { supersededBy: superseded } : {}),
    ...(deadMan.pingedAt === undefined && deadMan.failing === undefined
      ? {}
      : {
          deadMan: {
            ...(deadMan.pingedAt === undefined ? {} : { pingedAt: iso(deadMan.pingedAt) }),
            ...(deadMan.failing === undefined ? {} : { failing: deadMan.failing }),
          },
        }),
    messages: entriesOf(announcements.said),
    ...(promised ? { nextUpdate: iso(promised.by) } : {}),
    channels: isOpen ? run.plan.channels.map((channel) => channelStatus(channel, announcements.channels)) : [],
    undelivered: announcements.missed,
  };
}

/** What the workflow returns. */
export function resultOf(run: Run, outcome: Outcome, summary: string, table?: string): GoLiveResult {
  const { environment, release, previousRelease } = run.input;
  const { course, preflight, verification, proof, beginning, restore, timeline, announcements, advised, answered } =
    run.state;
  const stop = stopOf(course);
  const superseded = supersededBy(course);
  const care = hypercareOf(run).result;
  const { missed } = announcements;
  return {
    outcome,
    summary,
    environment,
    release,
    previousRelease,
    planHash: run.planHash,
    ...(stop ? { stop } : {}),
    preflight,
    verification,
    proof,
    ...(beginning.freezeOverride === undefined ? {} : { freezeOverride: beginning.freezeOverride }),
    ...(superseded ? { supersededBy: superseded } : {}),
    ...(restore.status ? { restore: restore.status } : {}),
    ...(table === undefined ? {} : { table }),
    ...(care ? { hypercare: care } : {}),
    ...(advised ? { advised } : {}),
    timeline: entriesOf(timeline),
    ...(missed.length > 0 ? { undelivered: missed } : {}),
    ...(answered ? { answered } : {}),
  };
}

/** What `golive status` can still read when no worker is there to ask. */
export function memoOf(run: Run): Remembered & Readonly<Record<string, unknown>> {
  const { input, state, isOpen } = run;
  const { course } = state;
  const { host } = state.commands;
  const { backup } = state.restore;
  // Who else aborts it later is no event of its own.
  const { also: _, ...stop } = stopOf(course) ?? {};
  void _;
  const outcome = outcomeOf(course);
  return {
    phase: phaseOf(course),
    holds: run.holds.open.map(({ id, reason, choices, openedAt }) => ({ id, reason, choices, openedAt })),
    decisionOwner: state.decisionOwner,
    since: state.since,
    release: input.release,
    previousRelease: input.previousRelease,
    ...(isOpen
      ? {
          planHash: run.planHash,
          externalTriggers: run.plan.triggers.filter(isExternal).map(({ name }) => name),
        }
      : {}),
    ...(host === undefined ? {} : { host }),
    ...('kind' in stop ? { stop } : {}),
    ...(outcome ? { outcome } : {}),
    // Only with a phase or an outcome, so that it is no event of its own. The backup of a start that deployed nothing is none of a release.
    ...(backup && hasDeployed(course) ? { backup: backup.manifest } : {}),
  };
}

/** Whether something was deployed, or is about to be: as the phase and the outcome say it. */
function hasDeployed(course: Course): boolean {
  const outcome = outcomeOf(course);
  return outcome === undefined
    ? ['deploying', 'soaking', 'verifying', 'hypercare', 'rolling-back'].includes(phaseOf(course))
    : ['completed', 'rolled-back', 'rollback-failed'].includes(outcome);
}
