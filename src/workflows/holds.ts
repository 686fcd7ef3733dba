import { ApplicationFailure, CancellationScope, CancelledFailure, condition } from '@temporalio/workflow';
import { z } from 'zod';
import { answerCommand, refusal, type Decision, type Hold, type OpenHold } from '../domain/hold.js';
import { sentences } from '../domain/input.js';

const said = z.string().trim().min(1, 'must not be empty').max(500);
const decisionSchema = z.strictObject({ hold: said, choice: said, by: said, reason: said });

interface Surroundings {
  readonly environment: string;
  readonly pageAgain: () => number;
  page(text: string): void;
  record(what: string): void;
  changed(): void;
  answered(): void;
}

/** The questions that are open, and their answers. A hold stops progress; it never stands in front of a rollback. */
export class Holds {
  #open: { hold: OpenHold; decision?: Decision }[] = [];

  constructor(private readonly around: Surroundings) {}

  get open(): readonly OpenHold[] {
    return this.#open.map(({ hold }) => hold);
  }

  /** Whether this question is open and has no answer yet. */
  awaits(id: string): boolean {
    return this.#open.some(({ hold, decision }) => hold.id === id && !decision);
  }

  /** How long the oldest question has been open, in milliseconds; 0 without one. */
  openFor(): number {
    return Math.max(0, ...this.open.map(({ openedAt }) => Date.now() - Date.parse(openedAt)));
  }

  /** Asks people, pages until someone answers, and returns the answer. Cancelling the scope it is in takes the question back. */
  async ask<Choice extends string>(hold: Hold<Choice>): Promise<Decision<Choice>> {
    // A question that is asked and taken back in one breath would only wake people.
    if (CancellationScope.current().consideredCancelled) throw new CancelledFailure(`"${hold.id}" is not asked any more`);
    const entry: { hold: OpenHold; decision?: Decision } = { hold: { ...hold, openedAt: new Date().toISOString(), pages: 0 } };
    this.#open.push(entry);
    this.around.record(`hold ${hold.id}: ${hold.reason}`);
    try {
      for (;;) {
        entry.hold = { ...entry.hold, pages: entry.hold.pages + 1 };
        if (entry.hold.pages === 1) this.around.changed();
        this.around.page(`${hold.reason} Answer with: ${answerCommand(this.around.environment, hold)}`);
        if (await condition(() => entry.decision !== undefined, this.around.pageAgain(), { summary: `page again about ${hold.id}` })) break;
      }
      return entry.decision as Decision<Choice>;
    } finally {
      this.#open = this.#open.filter((each) => each !== entry);
      this.around.record(entry.decision ? `${entry.decision.by} decided ${hold.id}: ${entry.decision.choice} (${entry.decision.reason})` : `hold ${hold.id} ended without an answer`);
      this.around.changed();
      this.around.answered();
    }
  }

  /** Refuses an answer that answers nothing, with the ones that would. */
  validate(raw: unknown): void {
    const parsed = decisionSchema.safeParse(raw);
    const why = parsed.success
      ? refusal(this.open.filter((hold) => !this.#open.some((each) => each.hold === hold && each.decision)), parsed.data)
      : `A decision is {"hold","choice","by","reason"}: ${sentences(parsed.error).join('; ')}.`;
    if (why) throw ApplicationFailure.nonRetryable(why, 'RefusedDecision');
  }

  decide(raw: Decision): string {
    const decision = decisionSchema.parse(raw);
    const entry = this.#open.find(({ hold }) => hold.id === decision.hold);
    if (entry) entry.decision = decision;
    return `${decision.hold}: ${decision.choice}, by ${decision.by}`;
  }
}
