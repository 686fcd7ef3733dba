import { CancellationScope, condition, isCancellation, sleep } from '@temporalio/workflow';
import type { Plan } from '../../domain/plan/plan.js';
import { anyActs } from '../../domain/plan/playbook/trigger.js';
import type { WatchData } from '../../domain/run/run-state.js';
import type { BreachClock } from '../../domain/watching/breach-clock.js';
import type { ReportedCheck } from '../../domain/watching/reported-check.js';
import { sightLasts, type Segment, type TargetState } from '../../domain/watching/segment.js';
import { SHORT_SEGMENT_MS, segmentBounds, TRAVEL_MS } from '../../domain/watching/segment-bounds.js';
import type { Sight } from '../../domain/watching/soak.js';
import { WatchState, type BlindCheck } from '../../domain/watching/watch-state.js';
import { beside } from '../run/beside.js';
import { noTimerForReports } from '../run/no-timer-for-reports.js';
import type { WatchPort } from '../run/ports.js';
import type { AskedSegments } from './asked-segments.js';
import { EarlyEnds } from './early-ends.js';
import { FormOfStates } from './form-of-states.js';
import { hasTimedOut, lastTold } from './lost-segment.js';
import { takeReport, type Told } from './take-report.js';
import { PAUSE_MS, waitedOut } from './waited-out.js';

/** No segment is longer than this while something can be promoted. */
const LONGEST_SEGMENT_MS = 60_000;
/** How long the pauses grow when looking fails again and again. */
const LONGEST_PAUSE_MS = 300_000;

/**
 * One watch over some checks: segments of `observe`, one after the other, from `start` to `stop`. Aborts, rollbacks and a cancelled workflow don't
 * end it; only `stop` does. A segment ends when the next breach clock is due at the latest, and its report decides.
 */
export class Watch implements WatchPort {
  readonly #state: WatchState;
  readonly #form = new FormOfStates();
  readonly #early: EarlyEnds;
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
  /** When somebody last wanted a report, in epoch milliseconds. */
  #wantedAt = -Infinity;

  /** @param data what it keeps up to date: all there is of it */
  constructor(
    readonly data: WatchData,
    private readonly plan: Plan,
    private readonly segments: Pick<AskedSegments, 'look' | 'reportWanted' | 'lengthMs'>,
    private readonly told: Told,
  ) {
    this.#state = new WatchState(data.checks, plan);
    this.#early = new EarlyEnds(data);
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
    this.#wantedAt = Date.now();
    this.#segment?.cancel();
    this.segments.reportWanted();
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
      if (this.#early.tooMany)
        await condition(() => this.#handingOver, PAUSE_MS, { summary: `${this.name}: not in such haste` });
      const from = Date.now();
      const timeless = noTimerForReports();
      const calm = !coalesce && this.#state.isCalm();
      this.#quiet = timeless && this.#wasWhole && calm;
      // Whoever begins it ends the blindness: nobody waits for its end to hear that.
      const late = this.#isLate;
      const { segmentMs, decides } = this.#state.segment(from, this.#segmentLength(timeless));
      this.#wasWhole = this.#wasLost = false;
      const due = from + segmentMs + this.#patience;
      // Only a report ends that one is late.
      this.#reportDue = timeless ? Math.min(this.#reportDue, due) : due;
      this.#segment = new CancellationScope();
      // A wish in a pause, or before any worker had begun the segment, has brought no report: this one brings it soon.
      const once = this.#once || late || this.#state.reportedAt < this.#wantedAt;
      this.#once = false;
      const stopWaiting = timeless ? () => undefined : this.#noticeDelay();
      try {
        const told = await this.#segment.run(() =>
          this.segments.look(
            {
              states: this.#form.given(this.#state.statesFor(from, once)),
              segmentMs,
              ...(decides ? { decides } : {}),
              ...(coalesce ? { coalesce } : {}),
              ...(once ? { once } : {}),
            },
            {
              bounds: timeless ? segmentBounds(segmentMs, this.#patience) : undefined,
              calm: calm ? this.#state.checks : undefined,
              quiet: this.#quiet,
              patienceMs: this.#patience,
            },
          ),
        );
        const segment = this.#form.told(told);
        // A firing never waits; what does nothing may.
        if (!anyActs(segment.fired ?? [], this.plan.triggers))
          await this.#unlessHurried(() =>
            waitedOut(this.name, segment, { from, segmentMs, wanted: this.#segment?.consideredCancelled ?? false }),
          );
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
        const missed = this.#isLate ? this.#reportDue : Infinity;
        if (told) this.#take(told, from);
        if (timeless && hasTimedOut(error)) {
          this.#reportDue = missed;
          this.#wasLost = true;
          this.told.reported();
          continue;
        }
        // Nothing else was seen, and nothing is claimed: the gap is blind time. Looking goes on, less and less eagerly.
        if (this.#segment.consideredCancelled) continue;
        this.#segment = new CancellationScope();
        await this.#unlessHurried(() => sleep(pause, { summary: `${this.name}: look again` }));
        pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
      }
      const early = Date.now() - from < segmentMs;
      if (early) this.#early.add();
      coalesce = early && !late && this.#early.coalesceAfter(coalesce);
    }
    this.#looks = false;
  }

  /** Short after a worker was lost: should no other begin it, that is noticed at its end. */
  #segmentLength(timeless: boolean): number {
    const lengthMs = this.segments.lengthMs(
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

  /** Tells that the report is late, should it be. */
  #noticeDelay(): () => void {
    const waiting = new CancellationScope();
    waiting
      .run(() => sleep(this.#reportDue + TRAVEL_MS - Date.now(), { summary: `${this.name}: next report due` }))
      .then(
        () => this.told.reported(),
        () => undefined,
      ); // cancelled when the report comes
    return () => waiting.cancel();
  }

  #take(segment: Segment, from: number): void {
    this.#reportDue = Infinity;
    takeReport(this.data, this.plan, { segment, from, sightLasts: this.#sightLasts }, this.told);
  }
}
