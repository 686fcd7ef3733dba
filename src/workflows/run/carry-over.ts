import { allHandlersFinished, condition, makeContinueAsNewFunc, workflowInfo } from '@temporalio/workflow';
import type { Opening } from '../../activities/opening.js';
import type { HypercareState } from '../../domain/hypercare/hypercare-state.js';
import type { StageStatus } from '../../domain/run/status.js';
import type { CarriedAnnouncements } from '../announcing/announcer.js';
import type { BeginningState } from '../phases/beginning.js';
import type { CarriedCommands } from '../commands/commands.js';
import type { controlledGoLive } from '../controlled-go-live.js';
import type { DeadManState } from '../announcing/dead-man.js';
import type { GoLive } from './go-live.js';
import type { HandoverState } from '../people/handover.js';
import type { KnownBackup } from '../rollback/restore.js';
import type { CarriedRecord } from './run-record.js';
import type { CarriedTriggers } from '../watching/triggers.js';
import type { CarriedWatches } from '../watching/watches.js';

/** All that a go-live knows in quiet hypercare, handed to the run it goes on as. */
export interface CarriedOver {
  readonly opening: Opening;
  readonly record: CarriedRecord;
  readonly stages: readonly StageStatus[];
  readonly commands: CarriedCommands;
  readonly watching: CarriedWatches;
  readonly triggers: CarriedTriggers;
  readonly announcements: CarriedAnnouncements;
  readonly beginning: BeginningState;
  readonly handover: HandoverState;
  readonly deadMan: DeadManState;
  readonly hypercare: HypercareState;
  /** What a rollback may propose to restore. */
  readonly backup?: KnownBackup;
}

/** The server takes no more than 10,000 signals for one run. */
const MANY_SIGNALS = 5_000;

/**
 * Goes on as a new run when this one's history has grown long (promise 7): only in quiet hypercare, when nothing is asked, said, run or about to fire, and
 * with all handlers finished (design §10). Never returns.
 */
export async function continueWhenLong(goLive: GoLive): Promise<never> {
  for (;;) {
    await condition(() => isLong(goLive) && goLive.isQuiet());
    // Whatever stops the run meanwhile: a rollback is watched, too.
    await goLive.watching.handOver().catch((error: unknown) => {
      goLive.watching.goOn();
      throw error;
    });
    if (goLive.isQuiet() && allHandlersFinished())
      // With its memo: until its first task is over, that is all that is known of the next run.
      await makeContinueAsNewFunc<typeof controlledGoLive>({ memo: { goLive: goLive.memo } })(
        goLive.input,
        goLive.carried,
      );
    goLive.watching.goOn();
  }
}

const isLong = ({ signals }: GoLive): boolean => workflowInfo().continueAsNewSuggested || signals >= MANY_SIGNALS;
