import type { Plan } from '../plan/plan.js';
import type { Check } from '../plan/playbook.js';
import { anyActs, isAdvisory } from '../plan/playbook/trigger.js';
import { conditionText, type Reading } from './reading.js';
import { statsAfter } from './segment-stats.js';
import { timesOf, type Times } from './look-times.js';
import { paceFor } from '../hypercare/hypercare-windows.js';
import {
  firesNow,
  hasFlipped,
  isCalm,
  look,
  sightLasts,
  triggersOf,
  untilNextLook,
  type Firing,
  type Gap,
  type Segment,
  type TargetState,
} from './segment.js';

/** A breach that nobody was told of is told when it has lasted for so long, or for half of its trigger's time, but before it is due: what flaps isn't told each time. */
const TELL_WITHIN_MS = 60_000;
/** More gaps of one check than this in one segment tell a reader nothing new. */
const MOST_GAPS = 20;
/** The same for how often one advisory trigger would have fired on one target. */
const MOST_ADVISED = 20;

/** What a segment of watching has seen so far. Moments are monotonic milliseconds; only ages leave it. */
export class SegmentRecorder {
  readonly fired: Firing[];
  /** When its first worker began. */
  readonly #began: number;
  readonly #states: TargetState[];
  readonly #checks: Check[];
  readonly #times: Times[];
  /** Moments, where a report has ages. */
  readonly #gaps: (Pick<Gap, 'check' | 'target'> & { readonly from: number; readonly to: number })[];
  /** Which the run knows to be blind. */
  readonly #blind: Set<number>;
  #seenSince: number | undefined;
  #lastUnclean: number | undefined;
  #looks = 0;

  /**
   * `seen` was handed over `agoMs` ago: the states at the end of the segment before, or all that a worker had seen of this one before it died.
   * `coalesce`: a change that fires nothing is not told at once, unless a check sees again that was blind before. `pace`: what is calm is looked at no oftener, in milliseconds.
   */
  constructor(
    {
      states,
      fired = [],
      gaps = [],
      lastUncleanAgeMs,
      lengthMs = 0,
    }: Pick<Segment, 'states' | 'fired' | 'gaps' | 'lastUncleanAgeMs'> & Partial<Pick<Segment, 'lengthMs'>>,
    private readonly plan: Plan,
    started: number,
    agoMs: number,
    private readonly coalesce: boolean,
    private readonly pace = 0,
  ) {
    const before = started - agoMs;
    this.#began = before - lengthMs;
    this.fired = [...fired];
    this.#gaps = gaps.map(({ check, target, fromAgeMs, toAgeMs }) => ({
      check,
      target,
      from: before - fromAgeMs,
      to: before - toAgeMs,
    }));
    this.#lastUnclean = lastUncleanAgeMs === undefined ? undefined : before - lastUncleanAgeMs;
    this.#states = [...states];
    this.#checks = states.map(({ check }) => {
      const found = plan.checks.find(({ name }) => name === check);
      if (!found) throw new Error(`The plan has no check "${check}".`);
      return found;
    });
    this.#times = states.map((state) => timesOf(state, before));
    this.#blind = new Set(
      states.flatMap(({ standing }, index) => (standing === 'blind' && this.#isLost(index, before) ? [index] : [])),
    );
    if (this.#sees(started)) this.#seenSince = started;
  }

  /** Every check with its target, and how long it is, in milliseconds, until its next look is due: at once where there was none. */
  due(now: number): { index: number; check: Check; target: string; inMs: number }[] {
    return this.#states.map(({ target }, index) => {
      const check = this.#checks[index] as Check;
      const { looked } = this.#times[index] as Times;
      return { index, check, target, inMs: looked === undefined ? 0 : looked + this.everyMs(index) - now };
    });
  }

  /** How long it is from the last look at a check to the next, in milliseconds. */
  everyMs(index: number): number {
    const check = this.#checks[index] as Check;
    return untilNextLook(check, this.#states[index] as TargetState, paceFor(check, this.plan, this.pace));
  }

  /** Whether nothing was wrong with it when it was last looked at. */
  isCalm(index: number): boolean {
    return isCalm(this.#states[index] as TargetState);
  }

  /** One more look. Returns within how many milliseconds it has to be told: 0 for at once, Infinity for with the next report. */
  take(index: number, reading: Reading, now: number): number {
    const check = this.#checks[index] as Check;
    const before = this.#states[index] as TargetState;
    const times = this.#times[index] as Times;
    const after = look(before, reading, check, this.plan.triggers);
    this.#states[index] = { ...after, course: statsAfter(before, after, reading, check) };
    this.#looks += 1;
    times.looked = now;
    if (after.standing !== 'blind') this.#told(index, before, times, now);
    if (after.standing === 'failing') this.#lastUnclean = times.last.failing = now;
    const counted = after.breaches.filter(
      ({ trigger, count }) => count > (before.breaches.find((each) => each.trigger === trigger)?.count ?? 0),
    );
    counted.forEach(({ trigger }) => times.said.set(trigger, now));
    if (
      triggersOf(this.plan.triggers, check.name).some(
        (each) => each.for > 0 && each.action === 'rollback' && counted.some(({ trigger }) => trigger === each.name),
      )
    )
      times.last.breach = now;
    const begun = counted.filter(({ count }) => count === 1);
    begun.forEach(({ trigger }) => times.began.set(trigger, now));
    for (const trigger of firesNow(after, this.plan.triggers)) {
      const detail =
        trigger.consecutive > 1
          ? `failed ${trigger.consecutive} in a row, the last: ${after.last}`
          : `${after.last}${trigger.breach ? ` ${conditionText(trigger, check)}` : ''}`;
      const firing = { trigger: trigger.name, check: check.name, target: after.target, detail };
      if (!isAdvisory(trigger) || this.#timesFired(firing) < MOST_ADVISED) this.fired.push(firing);
    }
    // It has stopped the go-live, or asks people: however much is told together, this is told at once.
    const seesAgain = after.standing !== 'blind' && this.#blind.delete(index);
    const overdue = counted.some((each) => each.overdue && !each.fired);
    if (overdue || seesAgain || (hasFlipped(before, after) && !this.coalesce)) return 0;
    return begun.length === 0 && this.fired.length === 0 ? Infinity : this.tellWithin(now);
  }

  /**
   * Within how many milliseconds breaches have to be told that nobody was told of, also those that a worker saw that has died since: whoever keeps the
   * clocks has to know of one before it is due. Infinity without one.
   */
  tellWithin(now: number): number {
    if (anyActs(this.fired, this.plan.triggers)) return 0;
    const untold = this.#states.flatMap(({ check, breaches }, index) =>
      triggersOf(this.plan.triggers, check).flatMap((trigger) => {
        const since = this.#times[index]?.began.get(trigger.name);
        const runs = breaches.some((each) => each.trigger === trigger.name && each.beganAgeMs !== undefined);
        return !runs || trigger.for === 0 || since === undefined
          ? []
          : [Math.min(trigger.for, Math.max(TELL_WITHIN_MS, trigger.for / 2)) - (now - since)];
      }),
    );
    return Math.max(0, Math.min(Infinity, ...untold));
  }

  /** The states as they are now, in ages. */
  states(now: number): TargetState[] {
    return this.#states.map(({ breaches, ...state }, index) => {
      const { looked, told, unseenSince, began, said, last } = this.#times[index] as Times;
      const ages = Object.fromEntries(
        Object.entries(last).map(([what, moment]: [string, number]) => [what, now - moment]),
      );
      const age = (moment: number | undefined) => now - (moment ?? now);
      return {
        ...state,
        ...(looked === undefined ? {} : { lastAgeMs: now - looked }),
        ...(told !== undefined
          ? { toldAgeMs: now - told }
          : unseenSince === undefined
            ? {}
            : { unseenForMs: now - unseenSince }),
        ...(Object.keys(ages).length === 0 ? {} : { ages }),
        breaches: breaches.map((each) => ({
          ...each,
          ...(each.beganAgeMs === undefined ? {} : { beganAgeMs: age(began.get(each.trigger)) }),
          ...(said.has(each.trigger) ? { saidAgeMs: age(said.get(each.trigger)) } : {}),
        })),
      };
    });
  }

  report(now: number): Segment {
    return {
      states: this.states(now),
      lengthMs: now - this.#began,
      observedMs: this.#seenSince === undefined || !this.#sees(now) ? 0 : now - this.#seenSince,
      ...(this.#lastUnclean === undefined ? {} : { lastUncleanAgeMs: now - this.#lastUnclean }),
      looks: this.#looks,
      ...(this.#gaps.length > 0
        ? {
            gaps: this.#gaps.map(({ check, target, from, to }) => ({
              check,
              target,
              fromAgeMs: now - from,
              toAgeMs: now - to,
            })),
          }
        : {}),
      ...(this.fired.length > 0 ? { fired: this.fired } : {}),
    };
  }

  #timesFired({ trigger, target }: Firing): number {
    return this.fired.filter((each) => each.trigger === trigger && each.target === target).length;
  }

  #told(index: number, state: TargetState, times: Times, now: number): void {
    const check = this.#checks[index] as Check;
    const { target } = state;
    const before = times.told ?? times.unseenSince ?? now;
    const gap = now - before > sightLasts(check, state);
    if (gap) times.last.blind = now;
    this.#promise(index, check);
    const known = this.#gaps.filter((each) => each.check === check.name && each.target === target).length;
    if (gap && known < MOST_GAPS) this.#gaps.push({ check: check.name, target, from: before, to: now });
    const first = times.told === undefined;
    times.told = now;
    if (this.#sees(now) && (first || gap || this.#seenSince === undefined)) this.#seenSince = now;
  }

  /** What is calm now goes at this pace until the next look. */
  #promise(index: number, check: Check): void {
    const state = this.#states[index] as TargetState;
    const pace = isCalm(state) ? paceFor(check, this.plan, this.pace) : 0;
    this.#states[index] = { ...state, pace: pace > check.every ? pace : undefined };
  }

  /** Whether a check has told nothing for so long that it counts as blind. */
  #isLost(index: number, now: number): boolean {
    const { told, unseenSince = now } = this.#times[index] as Times;
    return now - (told ?? unseenSince) >= sightLasts(this.#checks[index] as Check, this.#states[index]);
  }

  /** Whether every check has told something lately. */
  #sees(now: number): boolean {
    return this.#times.every(
      ({ told }, index) =>
        told !== undefined && now - told <= sightLasts(this.#checks[index] as Check, this.#states[index]),
    );
  }
}
