import { CancellationScope, condition, isCancellation, sleep } from '@temporalio/workflow';
import type { ObserveRequest } from '../../activities/watching/observe.js';
import type { BreachClock } from '../../domain/watching/breach-clock.js';
import type { Plan } from '../../domain/plan/plan.js';
import { anyActs } from '../../domain/plan/playbook/trigger.js';
import type { WatchData } from '../../domain/run/run-state.js';
import { observe, type Sight } from '../../domain/watching/soak.js';
import type { BlindTime } from '../../domain/watching/blind-text.js';
import type { ReportedCheck } from '../../domain/watching/reported-check.js';
import { WatchState, type BlindCheck } from '../../domain/watching/watch-state.js';
import { sightLasts, type Firing, type Segment, type TargetState } from '../../domain/watching/segment.js';
import { SHORT_SEGMENT_MS, segmentBounds, type SegmentBounds } from '../../domain/watching/segment-bounds.js';
import type { Travelling } from '../../domain/watching/state-table.js';
import type { Reporting } from '../../domain/watching/segment-length.js';
import { noTimerForReports } from '../run/no-timer-for-reports.js';
import { beside } from '../run/beside.js';
import { decide } from '../run/evidence.js';
import type { WatchPort } from '../run/ports.js';
import { FormOfStates } from './form-of-states.js';
import { hasTimedOut, lastTold } from './lost-segment.js';

interface Surroundings {
  readonly plan: Plan;
  look(
    input: Pick<ObserveRequest, 'states' | 'segmentMs' | 'decides' | 'coalesce' | 'once'>,
    bounds: SegmentBounds | undefined,
  ): Promise<Travelling<Segment>>;
  /** How long the next segment should be, in milliseconds. */
  segmentLength(checks: Plan['checks'], reporting: Reporting): number;
  /** What a segment saw up to a moment, in epoch milliseconds, before anything is made of it. */
  seen(segment: Segment, seenTo: number): void;
  fired(firing: Firing): void;
  /** Checks were blind for a time that is over. Epoch milliseconds. */
  sawAgain(gaps: readonly BlindTime[]): void;
  /** A segment has been reported, or is late. */
  reported(): void;
}

/** A segment that is shorter than it says it looked is waited out; less than this is only the difference of two clocks. */
const TOLERANCE_MS = 50;
/** A report is missed when it is so late. */
const TRAVEL_MS = 1_000;
/** No segment is longer than this while something can be promoted. */
const LONGEST_SEGMENT_MS = 60_000;
/** How long a segment that came back early without a look takes at least. */
const PAUSE_MS = 5_000;
/** A check that flaps ends a segment at once, but not more often than this in an hour: then its changes are told together. */
const MOST_NEWS = 12;
const HOUR_MS = 3_600_000;
/** So many early ends in so little time are no news: whatever it is, a pause keeps it from filling the history. */
const HASTE = 10;
const HASTE_MS = 2_000;
/** And the longest pause when looking fails again and again. */
const LONGEST_PAUSE_MS = 300_000;

/**
 * One watch over some checks: segments of `observe`, one after the other, from `start` to `stop`. Aborts, rollbacks and a cancelled workflow don't
 * end it; only `stop` does. A segment ends when the next breach clock is due at the latest, and its report decides.
 */
export class Watch implements WatchPort {
  readonly #state: WatchState;
  readonly #form = new FormOfStates();
  /** Within this every check has readings again and again; what lies apart by more was not seen. */
  readonly #sightLasts: number;
  /** How long after the end of a segment its report may come: a look may hang, a worker may have to be replaced. */
  readonly #patience: number;
  #reportDue = Infinity;
  #scope: CancellationScope | undefined;
  #segment: CancellationScope | undefined;
  #handingOver = false;
  #looks = false;
  /** The segment before was whole and told nothing new. */
  #wasWhole = false;
  /** No worker was heard of in the segment before. */
  #wasLost = false;
  #quiet = false;
  /** The next segment looks at everything once, at once. */
  #once = false;

  /** @param data what it keeps up to date: all there is of it */
  constructor(
    readonly data: WatchData,
    private readonly around: Surroundings,
  ) {
    this.#state = new WatchState(data.checks, around.plan);
    this.#sightLasts = Math.min(...this.#state.checks.map((check) => sightLasts(check)));
    this.#patience = this.#sightLasts + Math.max(...this.#state.checks.map(({ timeout }) => timeout));
  }

  get name(): string {
    return this.data.name;
  }

  get states(): readonly TargetState[] {
    return this.#state.states;
  }

  get sight(): Sight {
    return {
      of: this.name,
      ...this.data.sight,
      failing: this.#state.failing(),
      freshFor: LONGEST_SEGMENT_MS + this.#patience,
      against: this.#state.against(Date.now(), this.#isLate),
    };
  }

  /** Begins to look; after a hand-over that came to nothing it goes on, as one. */
  start(): void {
    this.#handingOver = false;
    if (this.#looks) return;
    this.#looks = true;
    this.#scope = beside(() => this.#look());
  }

  /** Whether everything was seen clean in a look after this moment, in epoch milliseconds. */
  cleanAfter(moment: number): boolean {
    return this.#state.isClean(moment);
  }

  /** Whether everything was clean when it was last looked at, and nothing is blind. */
  isClean(): boolean {
    return this.#state.isClean() && this.blind().length === 0;
  }

  /** Whether a report came at this moment, in epoch milliseconds, or later, or is late. */
  heardSince(moment: number): boolean {
    return this.#state.reportedAt >= moment || this.#isLate;
  }

  /** Everything is calm, and what changes is told at once. */
  get isQuiet(): boolean {
    return this.#quiet && !this.#isLate;
  }

  /** The breach clocks that run. */
  clocks(): BreachClock[] {
    return this.#state.clocks();
  }

  /** The checks that have had no reading for two intervals, or whose report is late. */
  blind(): BlindCheck[] {
    return this.#state.blind(Date.now(), this.#isLate);
  }

  /** Each check as it was last reported. */
  seen(): ReportedCheck[] {
    return this.#state.seen(Date.now(), this.#isLate);
  }

  /** Asks for a report now: the segment under way ends, what it has seen is kept, and the next one begins. */
  hurry(): void {
    this.#segment?.cancel();
  }

  /** The same, and the next one looks at once at what is calm, and reports when everything has been looked at. */
  lookAgain(): void {
    this.#once = true;
    this.hurry();
  }

  stop(): void {
    this.#scope?.cancel();
  }

  /** Ends with the report of the segment under way, which is asked for now. `start` goes on from there, as does the watch of another run with its data. */
  async handOver(): Promise<void> {
    this.#handingOver = true;
    this.hurry();
    await condition(() => !this.#looks);
  }

  get #isLate(): boolean {
    return Date.now() > this.#reportDue;
  }

  async #look(): Promise<void> {
    for (let coalesce = false, pause = PAUSE_MS; !this.#handingOver;) {
      if (this.#newsIn(HASTE_MS) >= HASTE)
        await condition(() => this.#handingOver, PAUSE_MS, { summary: `${this.name}: not in such haste` });
      const from = Date.now();
      const timeless = noTimerForReports();
      this.#quiet = timeless && this.#wasWhole && !coalesce && this.#state.isCalm();
      const { segmentMs, decides } = this.#state.segment(from, this.#segmentLength(timeless));
      this.#wasWhole = this.#wasLost = false;
      const due = from + segmentMs + this.#patience;
      // Only a report ends that one is late.
      this.#reportDue = timeless ? Math.min(this.#reportDue, due) : due;
      this.#segment = new CancellationScope();
      const once = this.#once;
      this.#once = false;
      const stopWaiting = timeless ? () => undefined : this.#noticeDelay();
      try {
        const told = await this.#segment.run(() =>
          this.around.look(
            {
              states: this.#form.given(this.#state.statesFor(from, once)),
              segmentMs,
              ...(decides ? { decides } : {}),
              ...(coalesce ? { coalesce } : {}),
              ...(once ? { once } : {}),
            },
            timeless ? segmentBounds(segmentMs, this.#patience) : undefined,
          ),
        );
        const segment = this.#form.told(told);
        // A firing never waits; what does nothing may.
        if (!anyActs(segment.fired ?? [], this.around.plan.triggers))
          await this.#unlessHurried(() => this.#waitOut(from, segmentMs, segment));
        stopWaiting();
        this.#take(segment, from);
        this.#wasWhole = Date.now() - from >= segmentMs;
        pause = PAUSE_MS;
      } catch (error) {
        stopWaiting();
        this.#form.failed(error);
        if (this.#scope?.consideredCancelled) throw error;
        // What a worker that has died had told before counts: "two of three in a row" is no less than that.
        const told = lastTold(error);
        const late = this.#isLate ? this.#reportDue : Infinity;
        if (told) this.#take(told, from);
        if (timeless && hasTimedOut(error)) {
          this.#reportDue = late;
          this.#wasLost = true;
          this.around.reported();
          continue;
        }
        // Nothing else was seen, and nothing is claimed: the gap is blind time. Looking goes on, less and less eagerly.
        if (this.#segment.consideredCancelled) continue;
        this.#segment = new CancellationScope();
        await this.#unlessHurried(() => sleep(pause, { summary: `${this.name}: look again` }));
        pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
      }
      const news = Date.now() - from < segmentMs;
      if (news) this.data.news = [...this.data.news.slice(1 - MOST_NEWS), Date.now()];
      coalesce = news && (!coalesce || this.#newsIn(HOUR_MS) >= MOST_NEWS);
    }
    this.#looks = false;
  }

  /** Short after a worker was lost: should no other begin it, that is noticed at its end. */
  #segmentLength(timeless: boolean): number {
    const lengthMs = this.around.segmentLength(
      this.#state.checks,
      this.#quiet ? 'when something changes' : timeless ? 'at reviews' : 'before reviews',
    );
    return this.#wasLost ? Math.min(lengthMs, SHORT_SEGMENT_MS) : lengthMs;
  }

  /** A wait that ends at once when somebody asks for a report. */
  async #unlessHurried(wait: () => Promise<void>): Promise<void> {
    try {
      await this.#segment?.run(wait);
    } catch (error) {
      if (!isCancellation(error) || this.#scope?.consideredCancelled) throw error;
    }
  }

  /** How many segments have ended early in this time. */
  #newsIn(milliseconds: number): number {
    return this.data.news.filter((at) => Date.now() - at < milliseconds).length;
  }

  /** Tells that the report is late, should it be. */
  #noticeDelay(): () => void {
    const waiting = new CancellationScope();
    waiting
      .run(() => sleep(this.#reportDue + TRAVEL_MS - Date.now(), { summary: `${this.name}: next report due` }))
      .then(
        () => this.around.reported(),
        () => undefined,
      ); // cancelled when the report comes
    return () => waiting.cancel();
  }

  /** Never a hot loop: time a segment says it has looked has to have passed, and one that comes back early without a look is followed by a pause. */
  async #waitOut(from: number, segmentMs: number, segment: Segment): Promise<void> {
    const passed = Date.now() - from;
    // A timer may be a hair too quick.
    const early =
      segment.looks === 0 && segment.lengthMs < segmentMs - TOLERANCE_MS && !this.#segment?.consideredCancelled;
    const short = Math.max(early ? PAUSE_MS : 0, segment.lengthMs) - passed;
    if (short >= TOLERANCE_MS) await sleep(short, { summary: `${this.name}: until the segment is over` });
  }

  #take(segment: Segment, from: number): void {
    const seenTo = this.#seenTo(segment, from);
    this.#reportDue = Infinity;
    const { sight } = this.data;
    this.data.sight = {
      ...sight,
      observed: observe(sight.observed, { from: seenTo - segment.observedMs, to: seenTo }, this.#sightLasts),
      ...(segment.lastUncleanAgeMs === undefined ? {} : { lastUnclean: seenTo - segment.lastUncleanAgeMs }),
    };
    this.around.seen(segment, seenTo);
    if (segment.gaps)
      this.around.sawAgain(
        segment.gaps.map(({ check, target, fromAgeMs, toAgeMs }) => ({
          check,
          target,
          from: seenTo - fromAgeMs,
          to: seenTo - toAgeMs,
        })),
      );
    const { checks } = this.data;
    const { fired, known } = decide(
      'report',
      { known: { ...checks }, segment, seenTo, now: Date.now() },
      this.around.plan,
    );
    Object.assign(checks, known);
    for (const firing of fired) this.around.fired(firing);
    this.around.reported();
  }

  /**
   * Now, unless more time has passed than it looked, and more than readings stay fresh: then nobody knows when it looked, and it was right away. The worker's
   * own clock is not asked: it may be another.
   */
  #seenTo({ lengthMs }: Segment, from: number): number {
    const now = Date.now();
    return now - (from + lengthMs) > this.#sightLasts ? from + lengthMs : now;
  }
}
