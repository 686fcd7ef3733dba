import { progress } from '../time/lasted.js';
import type { Check, CheckTrigger } from '../plan/playbook.js';
import { formatValue } from '../plan/playbook/bound.js';
import { conditionText } from './reading.js';
import type { TargetState } from './segment.js';

type Last = Pick<TargetState, 'value' | 'moreThan' | 'last'>;

/** How long a sustained trigger's condition has held on one target. Moments are epoch milliseconds of one clock: the workflow's. */
export interface BreachClock {
  readonly trigger: string;
  readonly check: string;
  readonly target: string;
  readonly since: number;
  /** When the last breaching reading came. One that says neither yes nor no may have come since, such as no traffic: it keeps no clock fresh. */
  readonly lastReading: number;
}

export const deadline = (clock: BreachClock, trigger: Pick<CheckTrigger, 'for'>): number => clock.since + trigger.for;

/**
 * Design §5: fires when the condition has held for the whole `for` (9m59s doesn't, 10m00s does) and the last reading that says so is fresh: at most
 * two intervals old. Otherwise nothing fires, and the next reading fires or clears.
 */
export function isDue(
  clock: BreachClock,
  trigger: Pick<CheckTrigger, 'for'>,
  check: Pick<Check, 'every'>,
  now: number,
): boolean {
  return now >= deadline(clock, trigger) && now - clock.lastReading <= 2 * check.every;
}

/** `p95 612 ms > 500 ms for 11m 20s of 15m` */
export const clockText = (clock: BreachClock, trigger: CheckTrigger, check: Check, last: Last, now: number): string =>
  `${check.name} ${heldText(clock, trigger, check, last, now)}${now > deadline(clock, trigger) ? ', the next reading decides' : ''}`;

/** `612 ms > 500 ms for 11m 20s of 15m`; once it is due `612 ms > 500 ms for 15m`. */
export const heldText = (clock: BreachClock, trigger: CheckTrigger, check: Check, last: Last, now: number): string =>
  `${breachText(trigger, check, last)} for ${progress(now - clock.since, trigger.for)}`;

/** `612 ms > 500 ms`. The value is the last that was measured: a look since then may have brought none. */
export function breachText(trigger: CheckTrigger, check: Check, { value, moreThan, last = '' }: Last): string {
  if (moreThan && check.kind === 'metric' && value !== undefined)
    return `more than ${formatValue(value, check.unit)}, the last bucket of its histogram,`;
  const was = check.kind === 'metric' && value !== undefined ? formatValue(value, check.unit) : last;
  return `${was} ${conditionText(trigger, check)}`;
}
