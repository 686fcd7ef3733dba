import { CancellationScope, isCancellation } from '@temporalio/workflow';

/**
 * Begins work beside the way forward. It goes on until the scope that is returned is cancelled, whatever else is. What becomes of it then is nobody's fault:
 * a worker that has died can't say that its activity was cancelled, and its heartbeat runs out instead.
 */
export function beside(work: () => Promise<void>): CancellationScope {
  const scope = new CancellationScope({ cancellable: true, parent: new CancellationScope({ cancellable: false }) });
  void scope.run(work).catch((error: unknown) => {
    if (!isCancellation(error) && !scope.consideredCancelled) throw error;
  });
  return scope;
}
