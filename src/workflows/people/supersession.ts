import { ApplicationFailure, CancellationScope, isCancellation } from '@temporalio/workflow';
import { reasonText } from '../../domain/run/cause.js';
import { isDeployed, phaseOf, stopOf, supersededBy } from '../../domain/run/course.js';
import { readSupersede } from '../../domain/people/supersession.js';
import { resumeCommand } from '../../domain/people/steering.js';
import type { SupersessionPort } from '../run/ports.js';
import type { Run } from '../run/run.js';

/** A hotfix ends the hypercare of the release before it, and nothing else: no rollback, no commands (design §4). */
export class Supersession implements SupersessionPort {
  #hypercare: CancellationScope | undefined;

  constructor(private readonly run: Run) {}

  /** Hypercare, until it is over or superseded. */
  async unless(hypercare: () => Promise<void>): Promise<void> {
    const scope = (this.#hypercare = new CancellationScope());
    try {
      await scope.run(hypercare);
    } catch (error) {
      if (this.run.state.course.is !== 'superseded' || !isCancellation(error)) throw error;
    }
  }

  /** Refuses a supersession that isn't one, or that comes when something else is decided already, with what to do instead. */
  validate(raw: unknown): void {
    const why = this.#refusal(raw);
    if (why !== undefined) throw ApplicationFailure.nonRetryable(why, 'RefusedSupersession');
  }

  /** Ends hypercare now. Whatever comes later in the very same moment finds it decided. */
  supersede(raw: unknown): string {
    const { run } = this;
    const { release, by, reason } = readSupersede(raw, run.input);
    // From here on nothing stops this go-live any more.
    run.become({ is: 'superseded', by: { release, by, reason, at: new Date().toISOString() } });
    const open = run.holds.open.map(({ id }) => id);
    run.record(`superseded by ${release}, ${by}: ${reason}${open.length > 0 ? `; open then: ${open.join(', ')}` : ''}`);
    this.#hypercare?.cancel();
    return `hypercare of ${run.input.release} ends, superseded by ${release}; nothing is rolled back`;
  }

  #refusal(raw: unknown): string | undefined {
    const { run } = this;
    const { course, paused } = run.state;
    const { environment, release, previousRelease } = run.input;
    const abort = `golive abort ${environment}`;
    try {
      readSupersede(raw, run.input);
    } catch (error) {
      return (error as Error).message;
    }
    const superseded = supersededBy(course);
    if (superseded)
      return `Hypercare of ${release} was superseded by ${superseded.release} already, by ${superseded.by}.`;
    if (course.is === 'ended') return `This go-live has ended, ${course.outcome}: start the hotfix.`;
    const stop = stopOf(course);
    if (stop)
      return `It is being stopped (${stop.by}: ${reasonText(stop)}): wait for its end, then start the hotfix from the release that is live then.`;
    if (course.is !== 'hypercare' || !this.#hypercare)
      return `Only hypercare is superseded, and ${release} is in the phase ${phaseOf(course)}. To stop it: ${abort} (${isDeployed(course) ? `rolls back to ${previousRelease}` : 'nothing was deployed'}).`;
    if (run.holds.deciding)
      return `Somebody has just answered a hold of ${release}: look at what comes of it (golive status ${environment}), then try again.`;
    return paused ? `It is paused by ${paused.by}: ${resumeCommand(environment)}, then try again.` : undefined;
  }
}
