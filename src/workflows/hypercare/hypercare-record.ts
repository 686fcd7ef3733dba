import {
  CLOSING_NOTE,
  exitCriteria,
  missingText,
  type Criterion,
  type ExitFacts,
} from '../../domain/hypercare/exit-criteria.js';
import { versionEvery, type LiveVersion } from '../../domain/hypercare/heard-version.js';
import { closingText, reviewText } from '../../domain/hypercare/hypercare-review.js';
import { hypercareResult, type HypercareState } from '../../domain/hypercare/hypercare-state.js';
import { tallied } from '../../domain/hypercare/hypercare-tally.js';
import { nextReview, paceAt } from '../../domain/hypercare/hypercare-windows.js';
import type { SaidBy } from '../../domain/people/said-by.js';
import type { HypercareResult, HypercareStatus } from '../../domain/run/status.js';
import type { Firing, Segment } from '../../domain/watching/segment.js';
import { decide } from '../run/evidence.js';
import type { Run } from '../run/run.js';

const MOST_REVIEWS = 50;
const SHOWN_REVIEWS = 3;
const MOST_FIRINGS = 50;
/** How long an answer about the live version may take. */
const ANSWER_MS = 5_000;

/** The hypercare of a run: what is known of it is all in the run's state. */
export const hypercareOf = (run: Run): Hypercare => new Hypercare(run);

/** The hours after a go-live, as far as they are known: what was seen, what people were told, and what is missing for their end. */
class Hypercare {
  constructor(private readonly run: Run) {}

  /** Another run goes on with it now: what may be a P1 was one up to here. */
  handOver(): void {
    if (this.mayBeP1()) this.wasP1();
  }

  /** When it began, in epoch milliseconds. */
  get from(): number | undefined {
    return this.#state.from;
  }

  /** Milliseconds since it began. */
  get elapsed(): number {
    return Date.now() - (this.#state.from ?? Date.now());
  }

  get reviewedTo(): number {
    return this.#state.reviewedTo;
  }

  get live(): LiveVersion {
    const { live, heardAt } = this.#state;
    return { ...live, ...(heardAt === undefined ? {} : { ageMs: Date.now() - heardAt }) };
  }

  /** A version that is live and neither of the two releases: taking it back would take back what somebody has deployed since. */
  get foreign(): string | undefined {
    const { alarm } = this.#state.live;
    return alarm?.kind === 'foreign' ? alarm.version : undefined;
  }

  /** The live version that people go on with though it isn't the release, until it is another. */
  get accepted(): string | undefined {
    return this.#state.accepted;
  }

  accept(version: string | undefined): void {
    this.#state = { ...this.#state, accepted: version };
  }

  /** Whether the service said what it is after this moment, in epoch milliseconds, or nobody asks it. */
  heardAfter(moment: number): boolean {
    return !this.run.watches.hears || (this.#state.heardAt ?? -Infinity) > moment;
  }

  begin(): void {
    this.#state = { ...this.#state, from: this.#state.from ?? Date.now() };
  }

  /** It is over, whichever way: what stands now is what stood at its end. */
  end(): void {
    if (this.#state.from === undefined || this.#state.to !== undefined) return;
    this.#state = { ...this.#state, to: Date.now(), atEnd: this.criteria() };
  }

  /** What a segment of watching saw up to a moment, in epoch milliseconds. One that began before hypercare says nothing of it. */
  seen(segment: Segment, seenTo: number): void {
    const { from, to, whole, sinceReview } = this.#state;
    if (from === undefined || to !== undefined) return;
    const { checks } = this.run.plan;
    if (segment.live) {
      const { ageMs, ...live } = segment.live;
      const before = this.#state.live;
      this.#state = {
        ...this.#state,
        live,
        listenedTo: seenTo,
        ...(ageMs === undefined ? {} : { heardAt: seenTo - ageMs }),
      };
      if (live.alarm?.version !== before.alarm?.version)
        this.run.record(
          live.alarm
            ? `${live.alarm.version} is live, not ${this.run.input.release}`
            : `${before.alarm?.version} is not live any more`,
        );
    }
    if (seenTo - segment.lengthMs >= from)
      this.#state = {
        ...this.#state,
        whole: tallied(whole, segment, checks),
        sinceReview: tallied(sinceReview, segment, checks),
      };
  }

  hasFired({ trigger, check, target, detail }: Firing): void {
    const { from, to, firings, firingsSinceReview } = this.#state;
    if (from === undefined || to !== undefined) return;
    const rollsBack = this.run.plan.triggers.find(({ name }) => name === trigger)?.action === 'rollback';
    const firing = { at: new Date().toISOString(), trigger, what: `${check} at ${target}: ${detail}` };
    this.#state = {
      ...this.#state,
      firings: [...firings, firing].slice(-MOST_FIRINGS),
      firingsSinceReview: [...firingsSinceReview, firing].slice(-MOST_FIRINGS),
      ...(rollsBack ? { lastP1: Date.now() } : {}),
    };
  }

  acknowledge(by: string): void {
    this.#state = { ...this.#state, acknowledged: by };
  }

  /** A person ends it though something is missing. */
  endedAnyway({ by, reason }: SaidBy): void {
    this.#state = { ...this.#state, endedAnyway: { by, reason, missing: missingText(this.criteria()) } };
  }

  /** How it ended, in one sentence: that the release is live is said only where the criteria say so. */
  get ending(): string {
    const { endedAnyway, firings } = this.#state;
    const { release } = this.run.input;
    if (endedAnyway)
      return `hypercare of ${release} was ended by ${endedAnyway.by}: ${endedAnyway.reason}; not met then: ${endedAnyway.missing || 'a fresh look'}`;
    return `${release} is live; hypercare ended ${firings.length === 0 ? 'without a trigger' : `after ${firings.length} trigger${firings.length > 1 ? 's' : ''} had fired and people had decided to go on`}`;
  }

  /** The exit criteria as they stand, by the last reports. */
  criteria(): Criterion[] {
    return exitCriteria({ ...this.#exitFacts(), plan: this.run.plan });
  }

  #exitFacts(): Omit<ExitFacts, 'plan'> {
    const { run } = this;
    const { from = Date.now(), lastP1, acknowledged } = this.#state;
    return {
      release: run.input.release,
      from,
      seen: run.watches.seen(),
      openP1: this.#openP1(),
      unknownP1: this.#unknownP1(),
      ...(lastP1 === undefined ? {} : { lastP1 }),
      ...(run.watches.hears ? { live: { ...this.#state.live, fresh: this.#heardLately() } } : {}),
      ...(acknowledged === undefined ? {} : { acknowledged }),
    };
  }

  mayBeP1(): boolean {
    return this.#openP1().length > 0 || this.#unknownP1().length > 0;
  }

  /** What isn't met and no person has to say. */
  missing(): Criterion[] {
    return this.criteria().filter(({ name, met }) => met !== true && name !== CLOSING_NOTE);
  }

  /** Whether everything is met that no person has to say. */
  isMet(): boolean {
    return this.missing().length === 0;
  }

  /** Whether everything is met: decided, for its end. */
  isComplete(): boolean {
    return decide('exit', { facts: this.#exitFacts() }, this.run.plan).every(({ met }) => met === true);
  }

  /** When that can be at the earliest, in epoch milliseconds, if it only takes time. */
  earliest(): number | undefined {
    const moments = this.missing().map(({ earliest }) => earliest);
    return moments.length === 0 || moments.includes(undefined)
      ? undefined
      : Math.max(...moments.map((moment) => moment ?? 0));
  }

  /** Something was a P1, or may have been, until now. */
  wasP1(): void {
    this.#state = { ...this.#state, lastP1: Date.now() };
  }

  /** The review that was due so many milliseconds after hypercare began: told once, and the next one begins anew. */
  review(due: number): void {
    const { sinceReview, firingsSinceReview, reviews } = this.#state;
    const text = reviewText({ ...this.#facts(), tally: sinceReview, fired: firingsSinceReview });
    this.#state = {
      ...this.#state,
      reviewedTo: due,
      sinceReview: [],
      firingsSinceReview: [],
      reviews: [...reviews, { at: new Date().toISOString(), text }].slice(-MOST_REVIEWS),
    };
    this.#tell('review', text);
  }

  /** The final summary, told. */
  close(): void {
    this.#tell('closed', this.summary());
  }

  summary(): string {
    const { whole, firings } = this.#state;
    return closingText({ ...this.#facts(), tally: whole, fired: firings });
  }

  get status(): HypercareStatus | undefined {
    const { from, to, reviews, live } = this.#state;
    if (from === undefined) return undefined;
    const next = to === undefined ? nextReview(this.run.plan.hypercare, this.elapsed) : undefined;
    return {
      criteria: this.#state.atEnd ?? this.criteria(),
      ...(next === undefined ? {} : { nextReview: new Date(from + next).toISOString() }),
      reviews: reviews.slice(-SHOWN_REVIEWS),
      ...(live.alarm ? { live: live.alarm } : {}),
    };
  }

  get result(): HypercareResult | undefined {
    const { from, to = Date.now() } = this.#state;
    return from === undefined
      ? undefined
      : hypercareResult(this.#state, { from, to }, this.run.plan, this.#state.atEnd ?? this.criteria());
  }

  get #state(): HypercareState {
    return this.run.state.hypercare;
  }

  set #state(state: HypercareState) {
    this.run.state.hypercare = state;
  }

  #facts() {
    const { plan, watches, triggers, holds } = this.run;
    return {
      plan,
      elapsed: this.elapsed,
      advised: this.run.state.advised ?? [],
      seen: watches.seen(),
      alerts: triggers.alerts,
      holds: holds.open,
      criteria: this.#state.atEnd ?? this.criteria(),
    };
  }

  /** What is a P1 and not measured here. */
  #openP1(): string[] {
    const { triggers } = this.run;
    return [
      ...triggers.firing.map(({ trigger, running }) => `the alert ${trigger} ${running}`),
      ...(triggers.blocks ? ['a question about a trigger is open'] : []),
    ];
  }

  #unknownP1(): string[] {
    return this.run.triggers.unknown.map(({ trigger, running }) => `the alert ${trigger} ${running}`);
  }

  /** Whether the service said what it is when it was last asked, or the time before. */
  #heardLately(): boolean {
    const { heardAt = -Infinity, listenedTo = Infinity, from = 0 } = this.#state;
    const { plan } = this.run;
    return (
      listenedTo - heardAt <= 2 * Math.max(versionEvery(plan), paceAt(plan.hypercare, listenedTo - from)) + ANSWER_MS
    );
  }

  #tell(event: 'review' | 'closed', detail: string): void {
    this.run.announce(event, { detail });
  }
}
