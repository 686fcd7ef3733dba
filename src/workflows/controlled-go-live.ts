import { allHandlersFinished, CancellationScope, condition, workflowInfo } from '@temporalio/workflow';
import type { Opening } from '../domain/run/opening.js';
import type { RunState } from '../domain/run/run-state.js';
import type { GoLiveInput } from '../domain/run/input.js';
import type { GoLiveResult } from '../domain/run/status.js';
import { opening } from './activities.js';
import { hypercare } from './hypercare/hypercare.js';
import { listen } from './people/listen.js';
import { begin, wantedAt } from './phases/beginning.js';
import { preflight } from './phases/preflight.js';
import { rehearse } from './phases/rehearse.js';
import { rollOut } from './phases/roll-out.js';
import { verify } from './phases/verify.js';
import { acceptedStart } from './run/accepted-start.js';
import { endOfGoLive, endOfRehearsal, endOfTakingBack } from './run/endings.js';
import { GoLive } from './run/go-live.js';

/**
 * The Controlled Go-Live Playbook: one run takes one environment from one release to the next, or back.
 * @param handedOver what the run before knew, if this one goes on with it
 */
export async function controlledGoLive(raw: unknown, handedOver?: RunState): Promise<GoLiveResult> {
  // Nobody but a run of this chain can have handed anything over.
  const before = workflowInfo().continuedFromExecutionRunId === undefined ? undefined : handedOver;
  const run = new GoLive(acceptedStart(raw), before);
  listen(run);
  const { dryRun, rollback } = run.input;
  const result = await (dryRun
    ? rehearsal(run)
    : rollback
      ? takeBack(run, rollback)
      : before
        ? goOn(run)
        : goLive(run));
  // Also when the workflow was cancelled: a cancelled wait would make the end look like a cancellation.
  await CancellationScope.nonCancellable(() => condition(allHandlersFinished));
  return result;
}

/** The playbook, from its preflight to the end of hypercare. */
async function goLive(run: GoLive): Promise<GoLiveResult> {
  await run.goForward(async () => {
    const { freezing } = await open(run);
    run.deadMan.start();
    await begin(run, freezing);
    const watch = run.watches.service();
    await preflight(run);
    for (const stage of run.plan.stages) await rollOut(run, stage);
    await verify(run);
    await hypercare(run, watch);
  });
  return endOfGoLive(run);
}

/** The same in the middle of hypercare: the history of the run before had grown long. */
async function goOn(run: GoLive): Promise<GoLiveResult> {
  await run.goForward(async () => {
    run.deadMan.start();
    await hypercare(run, run.watches.takeUp());
  });
  return endOfGoLive(run);
}

/** The playbook's "Dry-run Mode". */
async function rehearsal(run: GoLive): Promise<GoLiveResult> {
  const rehearsed = await run.goForward(async () => {
    await open(run);
    return rehearse(run);
  });
  return endOfRehearsal(run, rehearsed);
}

/** A release is taken back whose go-live has ended: nothing but the rollback of the playbook, with what has to be known before it. */
async function takeBack(run: GoLive, rollback: NonNullable<GoLiveInput['rollback']>): Promise<GoLiveResult> {
  const { manifest, data = manifest !== undefined, reason, by = run.input.decisionOwner } = rollback;
  if (manifest !== undefined) run.restore.keep({ manifest });
  await run.goForward(async () => {
    await open(run);
    if (data) run.doubts.say({ by, reason });
    run.deadMan.start();
  });
  return endOfTakingBack(run, rollback);
}

/** Freezes the plan. */
async function open(run: GoLive): Promise<Opening> {
  const { environment, plan } = run.input;
  const opened = await opening.openRun({ environment, ...(plan === undefined ? {} : { plan }), at: wantedAt(run) });
  run.open(opened);
  return opened;
}
