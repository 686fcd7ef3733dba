import { ApplicationFailure, sleep, upsertMemo } from '@temporalio/workflow';

/** Stands in the place of the go-live and leaves a memo as it does; then it does what its release says. */
export async function controlledGoLive({
  release,
  planHash,
  phase,
}: {
  release: string;
  planHash?: string;
  phase?: string;
}): Promise<void> {
  if (phase !== undefined)
    upsertMemo({
      goLive: { phase, release, previousRelease: 'RC.2', ...(planHash === undefined ? {} : { planHash }) },
    });
  await sleep(1);
  // Any other error fails the task, not the run.
  if (release === 'stuck') throw new TypeError('cannot read the stage');
  if (release === 'refused') throw ApplicationFailure.nonRetryable('the input is wrong', 'RefusedStart');
  if (release === 'failed') throw ApplicationFailure.nonRetryable('startAt is over', 'Odd');
  if (release !== 'good') await sleep('1 day');
}
