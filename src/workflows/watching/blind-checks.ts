import { condition } from '@temporalio/workflow';
import { stopBy } from '../../domain/run/cause.js';
import { needsSight } from '../../domain/run/course.js';
import type { WatchingState } from '../../domain/run/run-state.js';
import type { Blindness } from '../../domain/run/status.js';
import { iso } from '../../domain/time/iso.js';
import { blindText, gapTexts, latest, type BlindTime } from '../../domain/watching/blind-text.js';
import type { BlindCheck } from '../../domain/watching/watch-state.js';
import { note } from '../run/evidence.js';
import type { Run } from '../run/run.js';

/** What is blind in all watches and what was, and what people are told when nobody sees. */
export class BlindChecks {
  /** @param now what has no readings now, by all watches */
  constructor(
    private readonly run: Run,
    private readonly now: () => BlindCheck[],
  ) {}

  /** Whether blindness stands in the way of the next step. */
  get blocks(): boolean {
    return this.#unaccepted().length > 0;
  }

  /** What was blind from when to when, and what is. */
  times(): Blindness[] {
    return [
      ...this.#state.gaps,
      ...this.now().map(({ check, target, since, why }) => ({ check, target, from: iso(since), why })),
    ];
  }

  /** What is blind now has come to its end with its watch. */
  end(): void {
    this.#state.gaps = this.times().map((each) => ({ ...each, to: each.to ?? iso(Date.now()) }));
  }

  /** Checks were blind for a time that is over. */
  sawAgain(gaps: readonly BlindTime[]): void {
    const told = gaps.map(({ check, target, from, to }) => ({ check, target, from: iso(from), to: iso(to) }));
    this.#state.gaps = latest([...this.#state.gaps, ...told]);
    told.forEach((gap) => note({ kind: 'blind', ...gap }));
    gapTexts(gaps).forEach((text) => this.run.record(text));
    this.run.metrics.wasBlind(gaps);
  }

  /** What was accepted is accepted only until it is seen again. */
  forgetSeen(): void {
    const blind = new Set(this.now().map(name));
    this.#state.accepted = this.#state.accepted.filter((each) => blind.has(each));
  }

  /** Adds to the metrics what has not been seen so far of these. */
  count(blind: readonly BlindCheck[]): void {
    const to = Date.now();
    this.run.metrics.wasBlind(blind.map(({ check, target, since }) => ({ check, target, from: since, to })));
  }

  /**
   * Blindness is a question to people that pages, and that ends by itself when sight returns (design §5). Never returns; a cancelled scope ends it.
   * Before anything is deployed a failing preflight says it better, and a rollback needs no sight to begin.
   */
  async tell(): Promise<never> {
    for (;;) {
      await condition(() => this.#unaccepted().length > 0);
      const decision = await this.run.askUntil(
        { id: 'blind', reason: this.#why(), choices: ['go-on', this.run.wayOut()] },
        () => this.#unaccepted().length === 0,
        () => this.#why(),
      );
      if (decision && decision.choice !== 'go-on') this.run.stop(stopBy(decision));
      // What has joined them since stands in the status that was looked at.
      else if (decision) this.#state.accepted = [...this.#state.accepted, ...this.#unaccepted().map(name)];
    }
  }

  #why(): string {
    return `No readings of ${blindText(this.#unaccepted(), Date.now())}. Nothing goes on until they are back, or you say so.`;
  }

  get #state(): WatchingState {
    return this.run.state.watching;
  }

  #unaccepted(): BlindCheck[] {
    const { accepted } = this.#state;
    return needsSight(this.run.state.course) ? this.now().filter((each) => !accepted.includes(name(each))) : [];
  }
}

const name = ({ check, target }: { check: string; target: string }) => `${check} at ${target}`;
