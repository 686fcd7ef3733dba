import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';
import type { ObserveInput } from '../activities/observe.js';
import { clockText, deadline, isDue, type BreachClock } from '../domain/breach-clock.js';
import type { Plan } from '../domain/plan.js';
import { observe, type Sight } from '../domain/soak.js';
import { sightLasts, triggersOf, type Firing, type Segment, type TargetState } from '../domain/watching.js';

interface Surroundings {
  readonly plan: Pick<Plan, 'checks' | 'triggers'>;
  look(input: Pick<ObserveInput, 'states' | 'segmentMs' | 'decides' | 'coalesce'>): Promise<Segment>;
  /** How long the next segment should be, in milliseconds, and whether its report is missed when it doesn't come. */
  segment(checks: Plan['checks']): { lengthMs: number; missed: boolean };
  fired(firing: Firing): void;
  /** A check was blind for a time that is over. Epoch milliseconds. */
  sawAgain(gap: { check: string; target: string; from: number; to: number }): void;
  /** A segment has been reported, or is late. */
  reported(): void;
}

/** A check that has no readings now, since when (epoch milliseconds), and what the last look said. */
export interface BlindCheck {
  readonly check: string;
  readonly target: string;
  readonly since: number;
  readonly why: string;
}

/** A segment that is shorter than it says it looked is waited out; less than this is only the travel time of messages. */
const TOLERANCE_MS = 1_000;
/** How long a segment that came back early without a look takes at least. */
const PAUSE_MS = 5_000;
/** And the longest pause when looking fails again and again. */
const LONGEST_PAUSE_MS = 300_000;

/**
 * One watch over some checks: segments of `observe`, one after the other, from `start` to `stop`. Aborts, rollbacks and a cancelled workflow don't
 * end it; only `stop` does. It owns the breach clocks: a segment ends when the next one is due at the latest, and its report decides.
 */
export class Watch {
  #states: readonly TargetState[];
  #sight: Omit<Sight, 'against'>;
  /** When each running breach began, by check, target and trigger. Epoch milliseconds, like everything here. */
  #since = new Map<string, number>();
  #reportedAt = Date.now();
  #reportDue = Infinity;
  readonly #startedAt = Date.now();
  #scope: CancellationScope | undefined;
  #segment: CancellationScope | undefined;

  constructor(
    readonly name: string,
    states: readonly TargetState[],
    private readonly around: Surroundings,
  ) {
    this.#states = states;
    this.#sight = { observed: [], freshFor: Math.max(...this.#checks.map(sightLasts)) };
  }

  get states(): readonly TargetState[] {
    return this.#states;
  }

  get sight(): Sight {
    const clocks = this.clocks().map((clock) => `${clock.trigger} runs: ${this.#text(clock)}`);
    return { ...this.#sight, against: [...clocks, ...this.blind().map(({ check, target }) => `${check} at ${target} is blind`)] };
  }

  start(): void {
    void CancellationScope.nonCancellable(() => {
      this.#scope = new CancellationScope();
      return this.#scope.run(() => this.#look());
    }).catch((error: unknown) => {
      if (!isCancellation(error)) throw error;
    });
  }

  /** Whether everything was seen clean in a look after this moment, in epoch milliseconds. */
  cleanAfter(moment: number): boolean {
    return this.#states.every((state) => isClean(state) && this.#reportedAt - (state.toldAgeMs ?? Infinity) > moment);
  }

  /** Whether a report came after this moment, in epoch milliseconds, or is late. */
  heardSince(moment: number): boolean {
    return this.#reportedAt > moment || Date.now() > this.#reportDue;
  }

  /** Whether everything was clean when it was last looked at, and nothing is blind. */
  isClean(): boolean {
    return this.#states.every(isClean) && this.blind().length === 0;
  }

  /** The breach clocks that run. */
  clocks(): BreachClock[] {
    return this.#states.flatMap((state) =>
      triggersOf(this.around.plan.triggers, state.check).flatMap((trigger) => {
        const breach = state.breaches.find((each) => each.trigger === trigger.name);
        if (!breach || breach.fired || trigger.for === 0) return [];
        return [{ trigger: trigger.name, check: state.check, target: state.target, since: this.#since.get(key(state, trigger.name)) ?? this.#reportedAt, lastReading: this.#reportedAt - (state.toldAgeMs ?? 0) }];
      }),
    );
  }

  /** The checks that have had no reading for two intervals, or whose report is late. */
  blind(): BlindCheck[] {
    const late = Date.now() > this.#reportDue;
    // What a segment under way sees is not known yet.
    const asOf = late ? Date.now() : this.#reportedAt;
    return this.#states.flatMap((state) => {
      const since = this.#lastTold(state);
      if (asOf - since < sightLasts(this.#check(state))) return [];
      return [{ check: state.check, target: state.target, since, why: late ? 'no worker has reported' : (state.last ?? 'not looked at yet') }];
    });
  }

  /** Asks for a report now: the segment under way ends, what it has seen is kept, and the next one begins. */
  hurry(): void {
    this.#segment?.cancel();
  }

  stop(): void {
    this.#scope?.cancel();
  }

  async #look(): Promise<never> {
    for (let coalesce = false, pause = PAUSE_MS; ; ) {
      const from = Date.now();
      const { lengthMs, missed } = this.around.segment(this.#checks);
      const due = this.#nextDeadline();
      const segmentMs = Math.max(1, Math.min(lengthMs, due - from, this.#nextBlindness() - from));
      this.#reportDue = from + segmentMs + this.#sight.freshFor;
      this.#segment = new CancellationScope();
      const stopWaiting = missed ? this.#noticeDelay() : () => undefined;
      try {
        const segment = await this.#segment.run(() => this.around.look({ states: this.#statesNow(), segmentMs, decides: from + segmentMs === due, coalesce }));
        // A firing never waits.
        if (!segment.fired) await this.#waitOut(from, segmentMs, segment);
        stopWaiting();
        this.#take(segment);
        pause = PAUSE_MS;
      } catch (error) {
        stopWaiting();
        if (this.#scope?.consideredCancelled) throw error;
        // Nothing was seen, and nothing is claimed: the gap is blind time. Looking goes on, less and less eagerly.
        if (this.#segment.consideredCancelled) continue;
        await sleep(pause, { summary: `${this.name}: look again` });
        pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
      }
      coalesce = !coalesce && Date.now() - from < segmentMs;
    }
  }

  /** Tells that the report is late, should it be. */
  #noticeDelay(): () => void {
    const waiting = new CancellationScope();
    waiting
      .run(() => sleep(this.#reportDue + TOLERANCE_MS - Date.now(), { summary: `${this.name}: no report` }))
      .then(() => this.around.reported(), () => undefined); // cancelled when the report comes
    return () => waiting.cancel();
  }

  /** When the next clock is due. No segment runs past it. */
  #nextDeadline(): number {
    return Math.min(Infinity, ...this.clocks().map((clock) => deadline(clock, this.#trigger(clock))).filter((moment) => moment > Date.now()));
  }

  /** When a check that has no readings counts as blind, which has to be known then. */
  #nextBlindness(): number {
    const moments = this.#states.flatMap((state) => (state.standing === 'blind' ? [this.#lastTold(state) + sightLasts(this.#check(state))] : []));
    return Math.min(Infinity, ...moments.filter((moment) => moment > Date.now()));
  }

  #statesNow(): TargetState[] {
    const overdue = this.clocks().filter((clock) => deadline(clock, this.#trigger(clock)) <= Date.now());
    return this.#states.map((state) => ({
      ...state,
      breaches: state.breaches.map((each) => (overdue.some((clock) => key(clock, clock.trigger) === key(state, each.trigger)) ? { ...each, overdue: true } : each)),
    }));
  }

  /** Never a hot loop: time a segment says it has looked has to have passed, and one that comes back early without a look is followed by a pause. */
  async #waitOut(from: number, segmentMs: number, segment: Segment): Promise<void> {
    const passed = Date.now() - from;
    const short = segment.looks === 0 && passed < segmentMs && !this.#segment?.consideredCancelled ? PAUSE_MS - passed : segment.lengthMs - passed;
    if (short >= TOLERANCE_MS) await sleep(short, { summary: `${this.name}: until the segment is over` });
  }

  #take(segment: Segment): void {
    const now = this.#seenTo(segment);
    this.#reportedAt = now;
    this.#reportDue = Infinity;
    this.#sight = {
      ...this.#sight,
      observed: observe(this.#sight.observed, { from: now - segment.observedMs, to: now }, this.#sight.freshFor),
      ...(segment.lastUncleanAgeMs === undefined ? {} : { lastUnclean: now - segment.lastUncleanAgeMs }),
    };
    for (const { check, target, fromAgeMs, toAgeMs } of segment.gaps ?? []) this.around.sawAgain({ check, target, from: now - fromAgeMs, to: now - toAgeMs });
    this.#keep(segment, now);
    const due = this.clocks().filter((clock) => isDue(clock, this.#trigger(clock), this.#check(clock), Date.now()));
    const firings = [...(segment.fired ?? []), ...due.map((clock) => ({ trigger: clock.trigger, check: clock.check, target: clock.target, detail: this.#text(clock) }))];
    // What has fired is silent until its breach ends: it would fire again with every look.
    this.#states = this.#states.map((state) => ({
      ...state,
      breaches: state.breaches.map((each) => (firings.some((firing) => key(firing, firing.trigger) === key(state, each.trigger)) ? { ...each, fired: true } : each)),
    }));
    firings.forEach((firing) => this.around.fired(firing));
    this.around.reported();
  }

  /** From here on the workflow knows when each breach began; the watcher only whether it goes on. */
  #keep({ states }: Segment, now: number): void {
    const since = new Map<string, number>();
    this.#states = states.map((state) => ({
      ...state,
      breaches: state.breaches.map(({ beganAgeMs, trigger, count, fired }) => {
        const name = key(state, trigger);
        since.set(name, beganAgeMs === undefined ? (this.#since.get(name) ?? now) : now - beganAgeMs);
        return { trigger, count, ...(fired ? { fired } : {}) };
      }),
    }));
    this.#since = since;
  }

  /** Now, unless the report has waited longer than its readings stay fresh: then they are as old as they are. */
  #seenTo({ endedAt }: Segment): number {
    const now = Date.now();
    return endedAt !== undefined && now - endedAt > this.#sight.freshFor ? endedAt : now;
  }

  #lastTold(state: TargetState): number {
    return state.toldAgeMs === undefined ? this.#startedAt : this.#reportedAt - state.toldAgeMs;
  }

  #text(clock: BreachClock): string {
    const last = this.#states.find((state) => state.check === clock.check && state.target === clock.target)?.last ?? '';
    return clockText(clock, this.#trigger(clock), this.#check(clock), last, Date.now());
  }

  get #checks(): Plan['checks'] {
    return this.around.plan.checks.filter(({ name }) => this.#states.some(({ check }) => check === name));
  }

  #check({ check }: { check: string }): Plan['checks'][number] {
    return found(this.around.plan.checks.find(({ name }) => name === check), check);
  }

  #trigger({ check, trigger }: { check: string; trigger: string }) {
    return found(triggersOf(this.around.plan.triggers, check).find(({ name }) => name === trigger), trigger);
  }
}

const key = ({ check, target }: { check: string; target: string }, trigger: string) => `${check} ${target} ${trigger}`;
const isClean = ({ standing }: TargetState) => standing === 'clean' || standing === 'idle';

function found<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`The plan has no "${name}".`);
  return value;
}
