import { clockText, deadline, heldText, isDue, type BreachClock } from './breach-clock.js';
import type { Plan } from '../plan/plan.js';
import { isAdvisory } from '../plan/playbook/trigger.js';
import { reportedCheck, type ReportedCheck } from './reported-check.js';
import { isCalm, sightLasts, triggersOf, type Ages, type Firing, type Segment, type TargetState } from './segment.js';

/** A check that has no readings now, since when (epoch milliseconds), and what the last look said. */
export interface BlindCheck {
  readonly check: string;
  readonly target: string;
  readonly since: number;
  readonly why: string;
}

/** What is known of the checks of one watch, as plain data. Moments are epoch milliseconds of one clock, the workflow's. */
export interface WatchedChecks {
  states: readonly TargetState[];
  readonly startedAt: number;
  /** How long a check may be without its very first reading, in milliseconds: a canary's metrics begin some scrapes after it does. */
  readonly firstWithin: number;
  /** Up to when the last report saw. */
  reportedAt: number;
  /** Since when each breach runs. */
  since: Readonly<Record<string, number>>;
}

/** Before the first report. */
export const notReported = (states: readonly TargetState[], startedAt: number, firstWithin = 0): WatchedChecks => ({
  states,
  startedAt,
  firstWithin,
  reportedAt: startedAt,
  since: {},
});

/** `p95 at canary (420 ms, of 80 requests)` */
export const lookText = ({ check, target, last }: TargetState): string =>
  `${check} at ${target} (${last ?? 'not looked at yet'})`;

/** It isn't blind yet, but what it measures is not known either. */
const isUnread = ({ standing }: TargetState): boolean => standing === 'blind' || standing === 'not looked at';

/** The first segment is not longer than this: people want to see what is seen. */
const FIRST_MS = 60_000;

/**
 * What is known of the checks of one watch, from report to report. It keeps the breach clocks: a watcher knows only whether a breach goes on, this
 * knows since when.
 */
export class WatchState {
  /** @param known what it keeps up to date: all there is of it */
  constructor(
    private readonly known: WatchedChecks,
    private readonly plan: Pick<Plan, 'checks' | 'triggers'>,
  ) {}

  get states(): readonly TargetState[] {
    return this.known.states;
  }

  get checks(): Plan['checks'] {
    return this.plan.checks.filter(({ name }) => this.states.some(({ check }) => check === name));
  }

  /** Up to when the last report saw. */
  get reportedAt(): number {
    return this.known.reportedAt;
  }

  /** A report that saw up to `seenTo` and is read `now`. Returns what fires, which is silent from then on until its breach ends. */
  take(segment: Segment, seenTo: number, now: number): Firing[] {
    const { known } = this;
    known.reportedAt = seenTo;
    const since: Record<string, number> = {};
    const states = segment.states.map((state) => ({
      ...state,
      breaches: state.breaches.map(({ beganAgeMs, saidAgeMs, trigger, count, fired }) => {
        const name = breachKey(state, trigger);
        since[name] = beganAgeMs === undefined ? (known.since[name] ?? seenTo) : seenTo - beganAgeMs;
        return { trigger, count, ...(saidAgeMs === undefined ? {} : { saidAgeMs }), ...(fired ? { fired } : {}) };
      }),
    }));
    known.since = since;
    known.states = states;
    const due = this.clocks().filter((clock) => isDue(clock, this.#trigger(clock), this.#check(clock), now));
    const firings = [
      ...(segment.fired ?? []),
      ...due.map((clock) => ({
        trigger: clock.trigger,
        check: clock.check,
        target: clock.target,
        detail: heldText(clock, this.#trigger(clock), this.#check(clock), this.#last(clock), now),
        at: this.#deadline(clock),
      })),
    ];
    // It would fire again with every look.
    const silent = new Set(firings.map((firing) => breachKey(firing, firing.trigger)));
    known.states = states.map((state) => ({
      ...state,
      breaches: state.breaches.map((each) =>
        silent.has(breachKey(state, each.trigger)) ? { ...each, fired: true } : each,
      ),
    }));
    return firings;
  }

  /**
   * The states for a segment that begins now: as old as they are by now, and breaches whose time is over need only a fresh reading. `atOnce`: what is calm
   * is due right away; what isn't keeps its interval, for its looks are counted.
   */
  statesFor(now: number, atOnce = false): TargetState[] {
    const overdue = new Set(
      this.clocks()
        .filter((clock) => this.#deadline(clock) <= now)
        .map((clock) => breachKey(clock, clock.trigger)),
    );
    const ago = Math.max(0, now - this.reportedAt);
    return this.states.map((state) => ({
      ...state,
      course: undefined,
      lastAgeMs: state.lastAgeMs === undefined || (atOnce && isCalm(state)) ? undefined : state.lastAgeMs + ago,
      ...(state.toldAgeMs === undefined
        ? { unseenForMs: now - this.known.startedAt }
        : { toldAgeMs: state.toldAgeMs + ago, unseenForMs: undefined }),
      ...(state.ages === undefined ? {} : { ages: olderBy(ago, state.ages) }),
      breaches: state.breaches.map((each) => ({
        ...each,
        ...(each.saidAgeMs === undefined ? {} : { saidAgeMs: each.saidAgeMs + ago }),
        ...(overdue.has(breachKey(state, each.trigger)) ? { overdue: true } : {}),
      })),
    }));
  }

  /** The breach clocks that run. */
  clocks(): BreachClock[] {
    return this.states.flatMap((state) =>
      triggersOf(this.plan.triggers, state.check).flatMap((trigger) => {
        const breach = state.breaches.find((each) => each.trigger === trigger.name);
        if (!breach || breach.fired || trigger.for === 0) return [];
        const since = this.known.since[breachKey(state, trigger.name)] ?? this.reportedAt;
        const lastReading = breach.saidAgeMs === undefined ? this.#lastTold(state) : this.reportedAt - breach.saidAgeMs;
        return [{ trigger: trigger.name, check: state.check, target: state.target, since, lastReading }];
      }),
    );
  }

  /**
   * How long a segment that begins now may last, of at most `lengthMs` milliseconds, and whether a breach clock is due at its end: it runs past neither that
   * nor the moment at which a check without readings counts as blind, and the first one is short.
   */
  segment(now: number, lengthMs: number): { segmentMs: number; decides: boolean } {
    const first = this.states.some(({ standing }) => standing === 'not looked at') ? FIRST_MS : Infinity;
    const due = next(
      this.clocks().map((clock) => this.#deadline(clock)),
      now,
    );
    const blind = next(
      this.states.flatMap((state) =>
        state.standing === 'blind' ? [this.#lastTold(state) + this.#sightLasts(state)] : [],
      ),
      now,
    );
    const segmentMs = Math.max(1, Math.min(lengthMs, first, due - now, blind - now));
    return { segmentMs, decides: now + segmentMs === due };
  }

  /** The checks that have had no reading for two intervals, as of the last report, or as of `now` when the next one is late. */
  blind(now: number, late: boolean): BlindCheck[] {
    const asOf = late ? now : this.reportedAt;
    return this.states.flatMap((state) => {
      const since = this.#lastTold(state);
      if (asOf - since < this.#sightLasts(state)) return [];
      return [
        {
          check: state.check,
          target: state.target,
          since,
          why: late ? 'no worker has reported' : (state.last ?? 'not looked at yet'),
        },
      ];
    });
  }

  /** Whether nothing was wrong when it was last looked at, and no breach ran. */
  isCalm(): boolean {
    return this.states.every(isCalm);
  }

  /** Whether everything was clean when it was last looked at, and, if asked, that was after this moment. */
  isClean(after = -Infinity): boolean {
    return this.states.every(
      (state) => (state.standing === 'clean' || state.standing === 'idle') && this.#lastTold(state) > after,
    );
  }

  /** What was not clean when it was last looked at, in words. */
  failing(): string[] {
    return this.states.filter(({ standing }) => standing === 'failing').map(lookText);
  }

  /** Each check with what was seen of it, at the moments it was. */
  seen(now: number, late: boolean): ReportedCheck[] {
    const blind = this.blind(now, late);
    return this.states.map((state) => reportedCheck(state, this.reportedAt, blind));
  }

  /** What stands against any promotion, in words: clocks that run and would do something, checks that are blind, and those whose last look gave nothing. */
  against(now: number, late: boolean): string[] {
    const clocks = this.clocks().flatMap((clock) =>
      isAdvisory(this.#trigger(clock))
        ? []
        : `${clock.trigger} runs at ${clock.target}: ${clockText(clock, this.#trigger(clock), this.#check(clock), this.#last(clock), now)}`,
    );
    const blind = this.blind(now, late);
    const unread = this.states.filter(
      (state) => isUnread(state) && !blind.some((each) => breachKey(each, '') === breachKey(state, '')),
    );
    return [
      ...clocks,
      ...blind.map(({ check, target }) => `${check} at ${target} is blind`),
      ...unread.map(
        ({ check, target, last }) =>
          `${check} at ${target} ${last === undefined ? 'has not been looked at yet' : `has no reading: ${last}`}`,
      ),
    ];
  }

  #sightLasts(state: TargetState): number {
    return Math.max(sightLasts(this.#check(state), state), state.toldAgeMs === undefined ? this.known.firstWithin : 0);
  }

  #lastTold({ toldAgeMs }: TargetState): number {
    return toldAgeMs === undefined ? this.known.startedAt : this.reportedAt - toldAgeMs;
  }

  #last(clock: BreachClock): Pick<TargetState, 'value' | 'last'> {
    return this.states.find((state) => breachKey(state, '') === breachKey(clock, '')) ?? {};
  }

  #deadline(clock: BreachClock): number {
    return deadline(clock, this.#trigger(clock));
  }

  #check({ check }: { check: string }): Plan['checks'][number] {
    return found(
      this.plan.checks.find(({ name }) => name === check),
      check,
    );
  }

  #trigger({ check, trigger }: { check: string; trigger: string }) {
    return found(
      triggersOf(this.plan.triggers, check).find(({ name }) => name === trigger),
      trigger,
    );
  }
}

/** By what a breach of a check at a target is known in `since`. */
export const breachKey = ({ check, target }: { check: string; target: string }, trigger: string) =>
  `${check} ${target} ${trigger}`;
const olderBy = (ago: number, ages: Ages): Ages =>
  Object.fromEntries(Object.entries(ages).map(([what, age]: [string, number]) => [what, age + ago]));
const next = (moments: readonly number[], now: number) =>
  Math.min(Infinity, ...moments.filter((moment) => moment > now));

function found<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`The plan has no "${name}".`);
  return value;
}
