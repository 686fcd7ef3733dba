import type { LiveVersion } from '../hypercare/heard-version.js';
import { isExternal } from '../plan/playbook/trigger.js';
import { breaches, readingText, standingOf, type Reading, type Standing } from './reading.js';
import type { Check, CheckTrigger, Trigger } from '../plan/playbook.js';

/** The name of the whole service's own address, the one behind the balancer, among the targets. */
export const SERVICE = 'service';

/** A trigger's condition that holds on one target. It ends with the first reading that says otherwise; no reading leaves it as it is. */
export interface Breach {
  readonly trigger: string;
  /** Breaching readings in a row. */
  readonly count: number;
  /** How old, in milliseconds, the first of them was when this was handed over; absent when it came before that segment. */
  readonly beganAgeMs?: number;
  /** How old the last of them was then: silence and what was seen in part since say nothing of the condition. */
  readonly saidAgeMs?: number;
  /** Its time is over, and only a fresh reading is missing: the next one fires or clears. */
  readonly overdue?: boolean;
  /** It has fired; it is silent until it ends. */
  readonly fired?: boolean;
}

/** Where one check stands on one target, carried from look to look and from segment to segment (design §6). */
export interface TargetState {
  readonly check: string;
  readonly target: string;
  readonly standing: Standing;
  /** Readings in a row that were not clean. */
  readonly failures: number;
  readonly breaches: readonly Breach[];
  /** The last look, such as `200 in 12 ms` or `ECONNREFUSED`; none before the first. */
  readonly last?: string;
  /** The last measured value, in the check's unit. */
  readonly value?: number;
  /** It was more than that, and nobody knows how much. */
  readonly moreThan?: true | undefined;
  /** How old, in milliseconds, that look was when its segment ended: the next one comes when it is due, not at once. */
  readonly lastAgeMs?: number | undefined;
  /** The same for the last look that told something: the others were blind. */
  readonly toldAgeMs?: number;
  /** While there was none: how long it has been watched for. */
  readonly unseenForMs?: number | undefined;
  /** The pace at which that look was made, in milliseconds, when it was calm: the next one comes no earlier than it says, and its silence is no blindness before two of these. */
  readonly pace?: number | undefined;
  /** What came to an end so long ago, for whoever wants everything clean for a time. */
  readonly ages?: Ages;
  /** What its segment saw of it. */
  readonly course?: SegmentStats | undefined;
}

/** How old, in milliseconds, the last of each was, of those there were. */
export interface Ages {
  /** A reading that was not clean. */
  readonly failing?: number;
  /** The end of a time without readings. */
  readonly blind?: number;
  /** A reading that met the condition of a trigger that rolls back after a time. */
  readonly breach?: number;
}

/** How one check went in one segment. */
export interface SegmentStats {
  /** The measured value that was furthest to the wrong side of its guardrail. */
  readonly worst?: number;
  /** How often it went from clean to failing. */
  readonly flaps: number;
}

/** A trigger that has fired, and what on. */
export interface Firing {
  readonly trigger: string;
  readonly check: string;
  readonly target: string;
  readonly detail: string;
  /** When, in epoch milliseconds: of the last of so many readings by the worker's clock, of a breach clock by the workflow's. Only metrics make something of it. */
  readonly at?: number;
}

/** A stretch, in milliseconds before the report, in which a check had no readings. */
export interface Gap {
  readonly check: string;
  readonly target: string;
  readonly fromAgeMs: number;
  readonly toAgeMs: number;
}

/** What one segment of watching comes back with. Ages and lengths are milliseconds on the worker's monotonic clock. */
export interface Segment {
  readonly states: readonly TargetState[];
  /** How long it looked. */
  readonly lengthMs: number;
  /** How long, up to the return, every check had its readings on time. */
  readonly observedMs: number;
  /** How long before the return the last non-clean reading was; absent when the segment saw none. */
  readonly lastUncleanAgeMs?: number;
  readonly looks: number;
  /** What the service said it is, where that was looked at. */
  readonly live?: LiveVersion;
  /** Blindness that has ended. */
  readonly gaps?: readonly Gap[];
  readonly fired?: readonly Firing[];
}

/** A watch over checks at targets that nothing is known of yet. */
export function unseen(checks: readonly Pick<Check, 'name'>[], targets: readonly string[]): TargetState[] {
  return targets.flatMap((target) =>
    checks.map(({ name }) => ({ check: name, target, standing: 'not looked at' as const, failures: 0, breaches: [] })),
  );
}

/** How long a check may be without a reading before it counts as blind, in milliseconds. */
export const sightLasts = (
  { every, timeout }: Pick<Check, 'every' | 'timeout'>,
  { pace = 0 }: Pick<TargetState, 'pace'> = {},
): number => 2 * Math.max(every, pace) + timeout;

/** Nothing is wrong with it: it may be looked at less often. */
export const isCalm = ({ standing, breaches }: Pick<TargetState, 'standing' | 'breaches'>): boolean =>
  (standing === 'clean' || standing === 'idle') && breaches.length === 0;

/** How long it is from the last look to the next, in milliseconds: a calm check goes at the pace of its last look, or at that of now when it is quicker. */
export const untilNextLook = ({ every }: Pick<Check, 'every'>, state: TargetState, pace: number): number =>
  isCalm(state) ? Math.max(every, Math.min(state.pace ?? 0, pace)) : every;

export const triggersOf = (triggers: readonly Trigger[], check: string): CheckTrigger[] =>
  triggers.filter((each): each is CheckTrigger => !isExternal(each) && each.check === check);

/** The state after one more look. Ages are left to whoever keeps the time. */
export function look(state: TargetState, reading: Reading, check: Check, triggers: readonly Trigger[]): TargetState {
  const standing = standingOf(check, reading);
  const own = triggersOf(triggers, check.name);
  const running = own.flatMap((trigger): Breach[] => {
    const before = state.breaches.find((each) => each.trigger === trigger.name);
    switch (breaches(trigger, reading)) {
      case true:
        return [before ? { ...before, count: before.count + 1 } : { trigger: trigger.name, count: 1, beganAgeMs: 0 }];
      case false:
        return [];
      case undefined:
        return before ? [before] : [];
    }
  });
  const failures = { failing: state.failures + 1, clean: 0, idle: state.failures, blind: state.failures }[standing];
  return {
    ...state,
    standing,
    failures,
    breaches: running,
    last: readingText(check, reading, own),
    ...(reading.kind === 'value' ? { value: reading.value, moreThan: reading.moreThan } : {}),
  };
}

/**
 * The triggers that a breaching reading fires by itself: so many in a row (playbook §4: "non-200 for > 2 consecutive checks": with
 * `consecutive: 3` the third fires, two don't), or at once. Those that count time are due at a moment: see breach-clock.ts.
 */
export function firesNow(state: TargetState, triggers: readonly Trigger[]): CheckTrigger[] {
  return triggersOf(triggers, state.check).filter((trigger) => {
    const breach = state.breaches.find((each) => each.trigger === trigger.name);
    return trigger.for === 0 && breach !== undefined && !breach.fired && breach.count >= trigger.consecutive;
  });
}

/** Whether there is something to tell: another standing, or a breach that has begun or ended. The first look at all is none. */
export function hasFlipped(before: TargetState, after: TargetState): boolean {
  if (before.standing === 'not looked at') return after.breaches.length > 0;
  return (
    before.standing !== after.standing ||
    after.breaches.length !== before.breaches.length ||
    after.breaches.some((each, index) => each.trigger !== before.breaches[index]?.trigger)
  );
}
