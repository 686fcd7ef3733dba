import { allHandlersFinished, condition, makeContinueAsNewFunc, workflowInfo } from '@temporalio/workflow';
import type { GoLiveInput } from '../../domain/run/input.js';
import { handedOver, type RunState } from '../../domain/run/run-state.js';
import type { GoLiveResult } from '../../domain/run/status.js';
import { hypercareOf } from '../hypercare/hypercare-record.js';
import type { Run } from './run.js';
import { memoOf } from './run-status.js';

/** The server takes no more than 10,000 signals for one run. */
const MANY_SIGNALS = 5_000;
/** A history of so many events goes on as a new run though a post is still being tried: the server ends one of 51,200. */
const TOO_LONG = 20_000;

/**
 * Goes on as a new run when this one's history has grown long (promise 7): only in quiet hypercare, when nothing is asked, said, run or about to fire, and
 * with all handlers finished (design §10). Never returns.
 */
export async function continueWhenLong(run: Run): Promise<never> {
  for (;;) {
    await condition(() => isLong(run) && isQuiet(run));
    // Whatever stops the run meanwhile: a rollback is watched, too.
    await run.watches.handOver().catch((error: unknown) => {
      run.watches.goOn();
      throw error;
    });
    if (isQuiet(run) && allHandlersFinished()) {
      hypercareOf(run).handOver();
      // With its memo: until its first task is over, that is all that is known of the next run.
      const goOn = makeContinueAsNewFunc<(input: GoLiveInput, state: RunState) => Promise<GoLiveResult>>({
        memo: { goLive: memoOf(run) },
      });
      await goOn(run.input, handedOver(run.state));
    }
    run.watches.goOn();
  }
}

const isLong = ({ signals }: Run): boolean => workflowInfo().continueAsNewSuggested || signals >= MANY_SIGNALS;

/** Nothing is asked, said, run or about to fire. */
function isQuiet({ state, holds, triggers, commands, watches, isTelling }: Run): boolean {
  const asked = holds.open.length > 0 || triggers.blocks || state.paused !== undefined;
  return (
    state.course.is === 'hypercare' &&
    !asked &&
    (!isTelling || workflowInfo().historyLength > TOO_LONG) &&
    commands.inFlight === undefined &&
    watches.isClean() &&
    !watches.counts
  );
}
