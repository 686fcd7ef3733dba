import { ActivityFailure, ApplicationFailure, isCancellation, sleep, TimeoutFailure } from '@temporalio/workflow';

/** The same call until some worker can answer it. */
export async function untilBack<T>(call: () => Promise<T>): Promise<T> {
  for (let pause = 5_000; ; pause = Math.min(2 * pause, 300_000)) {
    try {
      return await call();
    } catch (error) {
      if (isCancellation(error) || !away(error)) throw error;
      await sleep(pause, { summary: 'ask again' });
    }
  }
}

export function causeOf(error: unknown): unknown {
  return error instanceof ActivityFailure ? error.cause : error;
}

/** Why nobody could even begin, or undefined when that isn't what failed. */
export function away(error: unknown): string | undefined {
  const cause = causeOf(error);
  if (cause instanceof TimeoutFailure && cause.timeoutType === 'SCHEDULE_TO_START')
    return "no worker answers on the host that has this run's ledger";
  if (cause instanceof ApplicationFailure && ['PlanMissing', 'MissingVariable', 'CannotRun'].includes(cause.type ?? ''))
    return cause.message;
  return undefined;
}
