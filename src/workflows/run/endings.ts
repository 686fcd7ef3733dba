import { CancellationScope } from '@temporalio/workflow';
import { causeText } from '../../domain/run/cause.js';
import { stopOf } from '../../domain/run/course.js';
import type { GoLiveInput } from '../../domain/run/input.js';
import type { GoLiveResult, Stop, Superseded } from '../../domain/run/status.js';
import { hypercareOf } from '../hypercare/hypercare-record.js';
import type { Rehearsal } from '../phases/rehearse.js';
import { rollBack } from '../rollback/roll-back.js';
import { beforeTakingBack } from '../rollback/take-back.js';
import type { Run } from './run.js';
import { Stopped } from './stopped.js';

/** How a go-live ends once its way forward has: it is complete, rolled back, or nothing was deployed. Nothing cancels an end. */
export const endOfGoLive = (run: Run): Promise<GoLiveResult> =>
  CancellationScope.nonCancellable(async () => {
    const { course } = run.state;
    if (course.is === 'superseded') return endSuperseded(run, course.by);
    if (course.is !== 'stopping') return run.end('completed', hypercareOf(run).ending);
    return course.deployed ? rollBack(run, course.stop) : endUndeployed(run, course.stop);
  });

/** How a rehearsal ends: nothing was executed but the checklist's own dry run. */
export const endOfRehearsal = (run: Run, rehearsal: Rehearsal | undefined): Promise<GoLiveResult> =>
  CancellationScope.nonCancellable(async () => {
    const stop = stopOf(run.state.course);
    if (rehearsal && !stop) return run.end(rehearsal.outcome, rehearsal.summary, rehearsal.table);
    await leaveNothingRunning(run);
    return run.end(undone(stop), `nothing was executed; ${stop && causeText(stop)}`);
  });

/** How it ends when a release is taken back: as any rollback does, unless it was stopped before it was begun. */
export const endOfTakingBack = (
  run: Run,
  { reason, by }: NonNullable<GoLiveInput['rollback']>,
): Promise<GoLiveResult> =>
  CancellationScope.nonCancellable(async () => {
    const before = stopOf(run.state.course);
    if (before) return run.end(undone(before), `nothing was taken back; ${causeText(before)}`);
    run.stop({ kind: 'decision', reason, by: by ?? run.input.decisionOwner });
    const { course } = run.state;
    if (course.is !== 'stopping') throw new Error(`expected a run that is stopping, and it is ${course.is}`);
    return rollBack(run, course.stop, () => beforeTakingBack(run));
  });

/** For a hotfix: nothing is rolled back, and nothing is run. */
function endSuperseded(run: Run, { release, by, reason }: Superseded): Promise<GoLiveResult> {
  const why = `superseded by ${release}, ${by}: ${reason}`;
  run.announce('superseded', { reason: `Superseded by ${release}, ${by}: ${reason}` });
  return run.end('completed', `hypercare of ${run.input.release} ended early, ${why}`);
}

async function endUndeployed(run: Run, stop: Stop): Promise<GoLiveResult> {
  await leaveNothingRunning(run);
  const reason = causeText(stopOf(run.state.course) ?? stop);
  const outcome = undone(stop);
  run.announce(outcome === 'aborted' ? 'abortedEarly' : 'rejected', { reason });
  return run.end(outcome, `nothing was deployed; ${reason}`);
}

/** The outcome of a run that has changed nothing: a person has ended it, or something else has. */
const undone = (stop: Stop | undefined) => (stop?.kind === 'abort' ? 'aborted' : 'rejected');

/** No run ends while a command of it runs (design §7). */
async function leaveNothingRunning({ commands }: Run): Promise<void> {
  try {
    await commands.stopInFlight();
  } catch (error) {
    // Whoever ends a run whose host is away has said so, and it is on record.
    if (!(error instanceof Stopped)) throw error;
  }
}
