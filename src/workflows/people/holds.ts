import { ApplicationFailure, CancellationScope, CancelledFailure } from '@temporalio/workflow';
import { z } from 'zod';
import { refusal, withAnswer, type Decision, type Hold, type OpenHold } from '../../domain/people/hold.js';
import { line, sentences } from '../../domain/run/input.js';
import type { HoldsPort } from '../run/ports.js';
import type { Run } from '../run/run.js';
import { note } from '../run/evidence.js';
import type { Pages } from './pages.js';

const decisionSchema = z.strictObject({ hold: line(), choice: line(), by: line(), reason: line() });

interface Asked {
  readonly hold: Hold & { readonly openedAt: string };
  readonly pages: Pages;
  /** Its reason by now. */
  readonly reasonNow: () => string;
  /** Cancelled: the question is taken back. */
  readonly scope: CancellationScope;
  decision?: Decision;
}

/** The questions that are open, and their answers. A hold stops progress; it never stands in front of a rollback. */
export class Holds implements HoldsPort {
  #open: Asked[] = [];

  /** @param pagers makes the pages of a hold that opens now */
  constructor(
    private readonly run: Run,
    private readonly pagers: { pages(hold: Hold): Pages },
  ) {}

  get open(): readonly OpenHold[] {
    return this.#asked.map(({ hold, pages }) => ({ ...hold, ...pages.state }));
  }

  get openNow(): readonly OpenHold[] {
    return this.#asked.map(({ hold, pages, reasonNow }) => ({ ...hold, reason: reasonNow(), ...pages.state }));
  }

  /** Whether an answer was given that nothing has come of yet. */
  get deciding(): boolean {
    return this.#open.some(({ decision }) => decision !== undefined);
  }

  /** Whether this question is open and has no answer yet. */
  awaits(id: string): boolean {
    return this.#asked.some(({ hold, decision }) => hold.id === id && !decision);
  }

  /** The answer to this question that nothing has come of yet. */
  decisionOf(id: string): Decision | undefined {
    return this.#asked.find(({ hold, decision }) => hold.id === id && decision)?.decision;
  }

  /** How long the oldest question that something waits for has been open, in milliseconds; 0 without one. */
  openFor(): number {
    return Math.max(
      0,
      ...this.open.filter(({ aside }) => !aside).map(({ openedAt }) => Date.now() - Date.parse(openedAt)),
    );
  }

  /** Asks people, pages until someone answers, and returns the answer. Cancelling the scope it is in takes the question back. */
  async ask<Choice extends string>(hold: Hold<Choice>): Promise<Decision<Choice>> {
    return (await this.askUntil(hold, () => false)) as Decision<Choice>;
  }

  /**
   * The same for a question that ends by itself, without an answer, when it is `over`. An answer that was accepted counts, whatever came in the same moment.
   * @param reasonNow where the reason changes while it is open
   */
  async askUntil<Choice extends string>(
    hold: Hold<Choice>,
    over: () => boolean,
    reasonNow: () => string = () => hold.reason,
  ): Promise<Decision<Choice> | undefined> {
    // A question that is asked and taken back in one breath would only wake people.
    if (CancellationScope.current().consideredCancelled)
      throw new CancelledFailure(`"${hold.id}" is not asked any more`);
    const entry: Asked = {
      hold: { ...hold, openedAt: new Date().toISOString() },
      pages: this.pagers.pages(hold),
      reasonNow,
      scope: CancellationScope.current(),
    };
    this.#open.push(entry);
    note({ kind: 'hold', id: hold.id, state: 'open', reason: hold.reason });
    this.run.record(`hold ${hold.id}: ${hold.reason}`);
    this.run.changed();
    try {
      await entry.pages.until(() => entry.decision !== undefined || over());
      const { decision } = entry;
      return decision && ({ ...decision, about: hold.reason } as Decision<Choice>);
    } finally {
      this.#open = this.#open.filter((each) => each !== entry);
      entry.pages.end();
      const { decision } = entry;
      note({
        kind: 'hold',
        id: hold.id,
        state: decision ? 'answered' : 'closed',
        ...(decision ? { choice: decision.choice, by: decision.by, reason: decision.reason } : {}),
      });
      this.run.record(
        entry.decision
          ? `${entry.decision.by} decided ${hold.id}: ${entry.decision.choice} (${entry.decision.reason})`
          : `hold ${hold.id} closed: no answer needed any more`,
      );
      this.run.changed();
      // Segments that were long because nothing could go on end when something can.
      this.run.watches.hurry();
    }
  }

  /** Refuses an answer that answers nothing, with the ones that would. */
  validate(raw: unknown): void {
    const parsed = decisionSchema.safeParse(raw);
    const why = parsed.success
      ? refusal(
          this.#asked.filter(({ decision }) => !decision).map(({ hold }) => hold),
          parsed.data,
          this.run.state.answered,
        )
      : `A decision is {"hold","choice","by","reason"}: ${sentences(parsed.error).join('; ')}.`;
    if (why) throw ApplicationFailure.nonRetryable(why, 'RefusedDecision');
  }

  decide(raw: Decision): string {
    const decision = decisionSchema.parse(raw);
    const entry = this.#asked.find(({ hold }) => hold.id === decision.hold);
    if (entry) {
      entry.decision = decision;
      const { state } = this.run;
      state.answered = withAnswer(state.answered ?? [], decision, new Date().toISOString());
    }
    return `${decision.hold}: ${decision.choice}, by ${decision.by}`;
  }

  /** Without those that are being taken back. */
  get #asked(): readonly Asked[] {
    return this.#open.filter(({ scope }) => !scope.consideredCancelled);
  }
}
