import {
  doubtOf,
  doubtOfTrigger,
  restoreRuling,
  type KnownOfData,
  type Moment,
  type Ruling,
} from '../../domain/rollback/restore-proposed.js';
import { isDeployed } from '../../domain/run/course.js';
import type { SaidBy } from '../../domain/people/said-by.js';
import type { DoubtsPort } from '../run/ports.js';
import type { Run } from '../run/run.js';

/** Why the data can be wrong, as far as anybody has said so since the first deploy: then a rollback asks the incident leads about a restore. */
export class Doubts implements DoubtsPort {
  constructor(private readonly run: Run) {}

  /** A person says that the data can be wrong, with an abort or the start of a rollback. Returns what comes of it. */
  say({ by, reason }: SaidBy): string {
    const { plan, state } = this.run;
    this.#keep(`${by} says that the data can be wrong (${reason})`);
    if (!plan.rollback.restore) return 'nobody is asked about a restore of the data: the plan has no rollback.restore';
    const { status } = state.restore;
    if (status && status.state !== 'not proposed') return `a restore of the data is ${status.state} already`;
    return 'the incident leads are asked about a restore of the data as soon as the rollback command has succeeded';
  }

  /** A trigger has fired, whatever it does. */
  ofTrigger(name: string, what: string): void {
    const why = doubtOfTrigger(name, this.run.plan);
    if (why !== undefined && isDeployed(this.run.state.course)) this.#keep(`${why}: ${what}`);
  }

  /** What the checks say as a rollback begins: later they look at another release. */
  ofChecks(): void {
    const { plan, state, watches } = this.run;
    const why = doubtOf({ seen: watches.seen(), verification: state.verification }, plan);
    if (why !== undefined) this.#keep(why);
  }

  /** How people can say so while a rollback runs; nothing where that changes nothing. */
  howToSay(): string | undefined {
    const { input } = this.run;
    return this.#asksOnlyThen && this.#ruling('reverted') === undefined
      ? `If the data can be wrong, say so before it is over: golive abort ${input.environment} --data-suspect`
      : undefined;
  }

  /** What is known of the data. */
  known(): KnownOfData {
    const { state, watches } = this.run;
    const { verification, proof, restore } = state;
    return { doubt: restore.doubt, seen: watches.seen(), verification, proof };
  }

  /** Why nobody is asked after a rollback that is proven, and how to be asked all the same; nothing where somebody is. */
  whyNotAsked(): string | undefined {
    const { environment, release, previousRelease } = this.run.input;
    if (!this.#asksOnlyThen || this.run.state.restore.status) return undefined;
    const ruling = this.#ruling('proven');
    return ruling?.proposed === false
      ? `${ruling.why}. If they can be wrong all the same: golive rollback ${environment} --release ${release} --previous ${previousRelease} --data-suspect`
      : undefined;
  }

  /** Whether the leads would be asked now, and why; nothing while that isn't decided. */
  #ruling(moment: Moment): Ruling | undefined {
    return restoreRuling(moment, this.known(), this.run.plan);
  }

  get #asksOnlyThen(): boolean {
    return this.run.plan.rollback.restore?.propose === 'when-data-can-be-wrong';
  }

  /** The first stays. */
  #keep(doubt: string): void {
    const { restore } = this.run.state;
    this.run.record(`the data can be wrong: ${doubt}`);
    if (restore.doubt === undefined) this.run.state.restore = { ...restore, doubt };
  }
}
