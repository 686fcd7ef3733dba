import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  workflowInfo,
} from '@temporalio/workflow';
import { parseGoLiveInput, workflowIdOf, type GoLiveInput } from '../domain/run/input.js';
import type { GoLiveResult, Superseded } from '../domain/run/status.js';
import type { Opening } from '../activities/opening.js';
import { opening } from './activities.js';
import { continueWhenLong, type CarriedOver } from './run/carry-over.js';
import { GoLive } from './run/go-live.js';
import { hypercare } from './hypercare/hypercare.js';
import { listen } from './people/listen.js';
import { preflight } from './phases/preflight.js';
import { rehearse } from './phases/rehearse.js';
import { rollBack } from './rollback/roll-back.js';
import { passGate, rollOut } from './phases/roll-out.js';
import { Stopped } from './run/stopped.js';
import { beforeTakingBack } from './rollback/take-back.js';
import { untilCancelled } from './run/until-cancelled.js';
import { verify } from './phases/verify.js';
import type { Watch } from './watching/watch.js';

/** The Controlled Go-Live Playbook: one run takes one environment from one release to the next, or back. */
export async function controlledGoLive(raw: unknown, handedOver?: CarriedOver): Promise<GoLiveResult> {
  // Nobody but a run of this chain can have handed anything over.
  const carried = workflowInfo().continuedFromExecutionRunId === undefined ? undefined : handedOver;
  const goLive = new GoLive(accepted(raw), carried);
  // Before anything is heard: what came before the first task is taken while it listens.
  if (carried) goLive.open(carried.opening, carried);
  listen(goLive);
  const { dryRun: rehearsal, rollback } = goLive.input;
  const result = rehearsal
    ? await dryRun(goLive)
    : rollback
      ? await takeBack(goLive, rollback)
      : await realRun(goLive, carried);
  // Also when the workflow was cancelled: a cancelled wait would make the end look like a cancellation.
  await CancellationScope.nonCancellable(() => condition(allHandlersFinished));
  return result;
}

async function realRun(goLive: GoLive, carried?: CarriedOver): Promise<GoLiveResult> {
  await goLive.goForward(async () => {
    if (carried) {
      goLive.deadMan.start();
      return watchOver(goLive, goLive.watching.takeUp(carried.watching.watches));
    }
    const { freezing } = await open(goLive);
    goLive.deadMan.start();
    await goLive.beginning.begin(freezing);
    const watch = goLive.watching.service();
    await preflight(goLive);
    for (const [index, stage] of goLive.plan.stages.entries()) {
      await goLive.mayGoOn();
      await passGate(goLive, stage);
      // A gate may have been open for long.
      await goLive.mayGoOn();
      if (index === 0) {
        stillClean(goLive);
        goLive.announce('started');
        if (goLive.beginning.freezeOverride !== undefined)
          goLive.announce('freezeOverridden', { reason: goLive.beginning.freezeOverride });
      }
      if (index === 1) goLive.announce('canaryHealthy');
      await rollOut(goLive, stage);
    }
    await goLive.mayGoOn();
    await verify(goLive);
    await goLive.mayGoOn();
    goLive.announce('complete');
    await watchOver(goLive, watch);
  });
  return CancellationScope.nonCancellable(async () => {
    const { stop, supersession } = goLive;
    if (supersession.by) return endSuperseded(goLive, supersession.by);
    if (!stop) return goLive.end('completed', goLive.hypercare.ending);
    if (goLive.deploying) return rollBack(goLive);
    await leaveNothingRunning(goLive);
    goLive.announce(stop.kind === 'abort' ? 'abortedEarly' : 'rejected', { reason: stop.reason });
    return stop.kind === 'abort'
      ? goLive.end('aborted', `nothing was deployed; ${stop.reason}`)
      : goLive.end('rejected', `nothing was deployed; ${stop.reason}`);
  });
}

/** For a hotfix: nothing is rolled back, and nothing is run. */
function endSuperseded(goLive: GoLive, { release, by, reason }: Superseded): Promise<GoLiveResult> {
  const why = `superseded by ${release}, ${by}: ${reason}`;
  goLive.announce('superseded', { reason: `Superseded by ${release}, ${by}: ${reason}` });
  return goLive.end('completed', `hypercare of ${goLive.input.release} ended early, ${why}`);
}

/** Attestations and a gate may have taken hours: what was clean in the preflight has to be clean when the first deploy begins. */
function stillClean({ watching }: GoLive): void {
  const failing = watching.failing();
  if (failing.length > 0)
    throw new Stopped({ kind: 'failure', reason: `no longer clean: ${failing.join('; ')}`, by: 'preflight' });
}

/** Hypercare, in as many runs as its history needs. */
async function watchOver(goLive: GoLive, watch: Watch | undefined): Promise<void> {
  await goLive.supersession.unless(() =>
    Promise.race([hypercare(goLive, watch), untilCancelled(continueWhenLong(goLive))]),
  );
}

async function dryRun(goLive: GoLive): Promise<GoLiveResult> {
  let end: (() => Promise<GoLiveResult>) | undefined;
  await goLive.goForward(async () => {
    await open(goLive);
    end = await rehearse(goLive);
  });
  return CancellationScope.nonCancellable(async () => {
    if (end && !goLive.stop) return end();
    await leaveNothingRunning(goLive);
    return goLive.end(
      goLive.stop?.kind === 'abort' ? 'aborted' : 'rejected',
      `nothing was executed; ${goLive.stop?.reason}`,
    );
  });
}

/** A release is taken back whose go-live has ended: nothing but the rollback of the playbook, with what has to be known before it. */
async function takeBack(
  goLive: GoLive,
  { reason, by, manifest }: NonNullable<GoLiveInput['rollback']>,
): Promise<GoLiveResult> {
  if (manifest !== undefined) goLive.restore.backup = { manifest };
  await goLive.goForward(async () => {
    await open(goLive);
    goLive.deadMan.start();
    throw new Stopped({ kind: 'decision', reason, by: by ?? goLive.input.decisionOwner });
  });
  return CancellationScope.nonCancellable(async () => {
    const { stop } = goLive;
    if (stop?.kind !== 'decision')
      return goLive.end(stop?.kind === 'abort' ? 'aborted' : 'rejected', `nothing was taken back; ${stop?.reason}`);
    goLive.deploying = true;
    return rollBack(goLive, () => beforeTakingBack(goLive));
  });
}

/** No run ends while a command of it runs (design §7). */
async function leaveNothingRunning(goLive: GoLive): Promise<void> {
  if (!goLive.isOpen) return;
  try {
    await goLive.commands.stopInFlight();
  } catch (error) {
    // Whoever ends a run whose host is away has said so, and it is on record.
    if (!(error instanceof Stopped)) throw error;
  }
}

async function open(goLive: GoLive): Promise<Opening> {
  const { environment, plan } = goLive.input;
  const opened = await opening.openRun({
    environment,
    ...(plan === undefined ? {} : { plan }),
    at: goLive.beginning.wanted,
  });
  goLive.open(opened);
  return opened;
}

/** Refuses what would make the promises untrue: a wrong input, a wrong ID, a server-side timeout, retry or schedule. */
function accepted(raw: unknown): GoLiveInput {
  const { workflowId, startTime, executionTimeoutMs, runTimeoutMs, retryPolicy, cronSchedule } = workflowInfo();
  const isFirstOfItsChain = workflowInfo().continuedFromExecutionRunId === undefined;
  const refuse = (why: string) => ApplicationFailure.nonRetryable(why, 'RefusedStart');
  let input;
  try {
    input = parseGoLiveInput(raw);
  } catch (error) {
    throw refuse((error as Error).message);
  }
  if (isFirstOfItsChain && input.startAt !== undefined && Date.parse(input.startAt) <= startTime.getTime())
    throw refuse(
      `This go-live can't start: startAt ${input.startAt} is over, it was started at ${startTime.toISOString()}. Give a moment ahead, or leave startAt out to begin at once.`,
    );
  const wanted = workflowIdOf(input);
  if (workflowId !== wanted)
    throw refuse(
      `The workflow ID is the environment's lock: start this one with --workflow-id ${wanted}, not ${workflowId}.`,
    );
  // Clients that set no timeout may say so with a zero.
  if (executionTimeoutMs || runTimeoutMs)
    throw refuse(
      'A go-live must not be cut off by the server: start it without --execution-timeout and --run-timeout.',
    );
  if (retryPolicy !== undefined)
    throw refuse('A go-live is never repeated by itself: start it without a retry policy.');
  // The server goes on with the schedule, and its next run holds the environment's lock, until somebody ends it.
  if (cronSchedule)
    throw refuse(
      `A go-live is never started by a cron schedule: end this one with "temporal workflow terminate --workflow-id ${workflowId}" and start it without.`,
    );
  return input;
}
