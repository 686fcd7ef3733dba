import { ApplicationFailure, CancellationScope, isCancellation } from '@temporalio/workflow';
import type { Superseded } from '../../domain/run/status.js';
import { readSupersede } from '../../domain/people/supersession.js';
import type { GoLive } from '../run/go-live.js';

/** A hotfix ends the hypercare of the release before it, and nothing else: no rollback, no commands (design §4). */
export class Supersession {
  /** Set from the moment it is decided: from then on nothing stops this go-live any more. */
  by: Superseded | undefined;
  #hypercare: CancellationScope | undefined;

  constructor(private readonly goLive: GoLive) {}

  /** Hypercare, until it is over or superseded. */
  async unless(hypercare: () => Promise<void>): Promise<void> {
    const scope = (this.#hypercare = new CancellationScope());
    try {
      await scope.run(hypercare);
    } catch (error) {
      if (!this.by || !isCancellation(error)) throw error;
    }
  }

  /** Refuses a supersession that isn't one, or that comes when something else is decided already, with what to do instead. */
  validate(raw: unknown): void {
    const why = this.#refusal(raw);
    if (why !== undefined) throw ApplicationFailure.nonRetryable(why, 'RefusedSupersession');
  }

  /** Ends hypercare now. Whatever comes later in the very same moment finds it decided. */
  supersede(raw: unknown): string {
    const { goLive } = this;
    const { release, by, reason } = readSupersede(raw, goLive.input);
    this.by = { release, by, reason, at: new Date().toISOString() };
    const open = goLive.holds.open.map(({ id }) => id);
    goLive.record(
      `superseded by ${release}, ${by}: ${reason}${open.length > 0 ? `; open then: ${open.join(', ')}` : ''}`,
    );
    this.#hypercare?.cancel();
    return `hypercare of ${goLive.input.release} ends, superseded by ${release}; nothing is rolled back`;
  }

  #refusal(raw: unknown): string | undefined {
    const { goLive } = this;
    const { environment, release, previousRelease } = goLive.input;
    const abort = `golive abort ${environment} --reason WHY --by NAME`;
    try {
      readSupersede(raw, goLive.input);
    } catch (error) {
      return (error as Error).message;
    }
    if (this.by) return `Hypercare of ${release} was superseded by ${this.by.release} already, by ${this.by.by}.`;
    if (goLive.phase === 'ended') return `This go-live has ended, ${goLive.outcome}: start the hotfix.`;
    if (goLive.stop)
      return `It is being stopped (${goLive.stop.by}: ${goLive.stop.reason}): wait for its end, then start the hotfix from the release that is live then.`;
    if (goLive.phase !== 'hypercare' || !this.#hypercare)
      return `Only hypercare is superseded, and ${release} is in the phase ${goLive.phase}. To stop it: ${abort} (${goLive.deploying ? `rolls back to ${previousRelease}` : 'nothing was deployed'}).`;
    if (goLive.holds.deciding)
      return `Somebody has just answered a hold of ${release}: look at what comes of it (golive status ${environment}), then try again.`;
    return goLive.steering.paused
      ? `It is paused by ${goLive.steering.paused.by}: golive resume ${environment} --reason WHY --by NAME, then try again.`
      : undefined;
  }
}
