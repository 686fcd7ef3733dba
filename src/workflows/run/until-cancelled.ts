import { isCancellation } from '@temporalio/workflow';

/** Something that goes on beside what matters: when it is cancelled, that says nothing, and this never settles. */
export const untilCancelled = <T>(beside: Promise<T>): Promise<T> =>
  new Promise(
    (resolve, reject) =>
      void beside.then(resolve, (error: unknown) => (isCancellation(error) ? undefined : reject(error as Error))),
  );
