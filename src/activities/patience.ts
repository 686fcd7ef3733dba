import { ApplicationFailure, Context } from '@temporalio/activity';
import { PlanMissing } from '../plans/plan-store.js';
import { MissingVariable } from '../plans/variables.js';

const PATIENCE_MS = 30_000;

/**
 * What goes wrong around a step is worth half a minute of retries: another worker may have the plan or the variable this one lacks, a disk may get
 * room again. Then it is a question to people (the workflow's `host-away` hold), never a silent retry for ever.
 */
export async function retryably<T>(attempt: () => T | Promise<T>): Promise<T> {
  const { cancellationSignal, info } = Context.current();
  try {
    return await attempt();
  } catch (error) {
    if (
      cancellationSignal.aborted ||
      !(error instanceof Error) ||
      (error instanceof ApplicationFailure && error.nonRetryable)
    )
      throw error;
    const type = error instanceof PlanMissing || error instanceof MissingVariable ? error.name : 'CannotRun';
    throw ApplicationFailure.create({
      message: error.message,
      type,
      nonRetryable: Date.now() - info.scheduledTimestampMs > PATIENCE_MS,
      cause: error,
    });
  }
}

/**
 * Tells the server every second that this activity lives, for as long as the work lasts.
 * @param progress what whoever looks on is told with it; a sign of life never waits for it
 */
export async function beating<T>(work: () => Promise<T>, progress?: () => Promise<unknown>): Promise<T> {
  const context = Context.current();
  let told: unknown;
  let asks = false;
  const ask = async () => {
    if (asks || !progress) return;
    asks = true;
    told = await progress().catch(() => told);
    asks = false;
  };
  const beat = setInterval(() => {
    context.heartbeat(told);
    void ask();
  }, 1_000);
  try {
    return await work();
  } finally {
    clearInterval(beat);
  }
}
