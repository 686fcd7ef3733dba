import { ApplicationFailure, CancellationScope, isCancellation } from '@temporalio/workflow';
import { readHandOver, type HandOver } from '../../domain/people/handover.js';
import { answerCommands, type Hold } from '../../domain/people/hold.js';
import { isOver } from '../../domain/run/course.js';
import type { HandoverPort } from '../run/ports.js';
import type { Run } from '../run/run.js';

const HOLD = 'handover';

/** Who decides. It changes only when the one who is to take over has said so: until then the owner stays. */
export class Handover implements HandoverPort {
  #open: HandOver | undefined;
  #asking: CancellationScope | undefined;

  constructor(private readonly run: Run) {}

  /** Refuses what can't be a handover, with what is expected. */
  validate(raw: unknown): void {
    const why = this.#refusal(raw);
    if (why !== undefined) throw ApplicationFailure.nonRetryable(why, 'RefusedHandover');
  }

  /** Asks the one who is to take over, beside everything else. A handover that is open is replaced. Says what happens next. */
  handOver(raw: unknown): string {
    const { run } = this;
    const wanted = readHandOver(raw);
    // An answer of the same moment, which came first, counts.
    const answer = run.holds.decisionOf(HOLD);
    if (this.#open && answer) this.#answered(this.#open, answer.choice, answer.reason);
    if (this.#open)
      run.record(
        `the handover to ${this.#open.to} is ${wanted.to === this.#owner ? `taken back by ${wanted.by}: ${wanted.reason}` : `replaced by one to ${wanted.to}`}`,
      );
    this.#asking?.cancel();
    if (wanted.to === this.#owner) {
      this.#open = undefined;
      return `${this.#owner} stays the decision owner; nobody is asked any more`;
    }
    this.#open = wanted;
    const hold = this.#hold(wanted);
    void CancellationScope.nonCancellable(async () => {
      const asking = (this.#asking = new CancellationScope());
      const decision = await asking.run(() => run.ask(hold));
      if (this.#open === wanted) this.#answered(wanted, decision.choice, decision.reason);
    }).catch((error: unknown) => {
      // Replaced, or the run ends.
      if (!isCancellation(error)) throw error;
    });
    return `${wanted.to} is asked; until it is accepted ${this.#owner} stays the decision owner. To answer:${answerCommands(
      run.input.environment,
      hold,
    )
      .map((command) => `\n  ${command}`)
      .join('')}`;
  }

  /** The run ends: nobody is asked any more. */
  end(): void {
    this.#asking?.cancel();
  }

  get #owner(): string {
    return this.run.state.decisionOwner;
  }

  #hold({ to, by, reason }: HandOver): Hold {
    return {
      id: HOLD,
      reason: `${by} hands the decisions of this go-live over to ${to}: ${reason}. Until ${to} accepts, ${this.#owner} decides.`,
      choices: ['accept', 'decline'],
      by: [to],
      aside: true,
    };
  }

  #answered(wanted: HandOver, choice: string, why: string): void {
    const { run } = this;
    const before = this.#owner;
    this.#open = undefined;
    if (choice !== 'accept') return run.record(`${wanted.to} declined; ${before} stays the decision owner`);
    run.state.decisionOwner = wanted.to;
    run.record(`the decision owner is now ${wanted.to}, before ${before}`);
    run.changed();
    run.announce('handedOver', {
      reason: `Handed over by ${wanted.by} (${wanted.reason}), accepted by ${wanted.to} (${why}).`,
    });
  }

  #refusal(raw: unknown): string | undefined {
    const { run } = this;
    try {
      const { to } = readHandOver(raw);
      if (run.input.dryRun) return 'A dry run decides nothing, so there is nothing to hand over.';
      if (isOver(run.state.course)) return 'This go-live has ended, so there is nothing to hand over.';
      if (!run.isOpen) return 'This go-live is only being opened: hand it over in a moment.';
      return to === this.#owner && !this.#open ? `${to} is the decision owner already.` : undefined;
    } catch (error) {
      return (error as Error).message;
    }
  }
}
