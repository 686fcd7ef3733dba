import { ApplicationFailure, Context, type Info } from '@temporalio/activity';
import type { ActivityInterceptors } from '@temporalio/worker';
import { refusalOf } from '../domain/run/acting-for.js';

/** Stands before every activity of a worker: what {@link refusalOf} refuses fails at once and for good, before anything of it is done. The SDK logs it with what Temporal says of who asked. */
export function forGoLivesAlone({ info }: Pick<Context, 'info'>): ActivityInterceptors {
  return {
    inbound: {
      execute(input, next) {
        const why = refusalOf(info, input.args[0]);
        if (why !== undefined) throw refused(why);
        return next(input);
      },
    },
  };
}

/** The run that the activity acts for. */
export function ownRun(): NonNullable<Info['workflowExecution']> {
  const { info } = Context.current();
  if (!info.workflowExecution) throw refused(`The activity ${info.activityType} acts for no run.`);
  return info.workflowExecution;
}

const refused = (why: string) => ApplicationFailure.nonRetryable(why, 'NotAGoLive');
