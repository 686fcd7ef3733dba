import { formatBound, formatValue, isUpper, keeps } from '../plan/playbook/bound.js';
import type { MadeOf } from '../metrics/measured.js';
import type { Check, CheckTrigger } from '../plan/playbook.js';

/** What one look at a check came back with. `text` is for people. */
export type Reading =
  /** It is as it should be, or it isn't: a probe's answer, the contracts, the integrity command. */
  | { readonly kind: 'good' | 'bad'; readonly text: string }
  /**
   * A number in the check's unit. In part: not everything was seen, so it can show a breach but not clear one. More than: a histogram's last bound, and
   * nobody knows how far beyond it; never clean.
   */
  | {
      readonly kind: 'value';
      readonly value: number;
      readonly inPart?: boolean;
      readonly moreThan?: true;
      readonly text?: string;
      /** Noted for who asks for it. */
      readonly madeOf?: MadeOf;
    }
  /** Nothing to measure, which is known: no traffic. */
  | { readonly kind: 'idle'; readonly text: string; readonly madeOf?: MadeOf }
  /** Nothing is known. */
  | { readonly kind: 'none'; readonly text: string };

/** How a check stands after a look. `blind` is no reading, which is neither healthy nor broken (promise 3). */
export type Standing = 'not looked at' | 'clean' | 'failing' | 'idle' | 'blind';

/** A metric is clean inside its guardrail. Silence is blindness, unless the check may be idle. */
export function standingOf(check: Check, reading: Reading): Exclude<Standing, 'not looked at'> {
  switch (reading.kind) {
    case 'good':
      return 'clean';
    case 'bad':
      return 'failing';
    case 'value':
      return reading.moreThan || (check.kind === 'metric' && !keeps(check.guardrail, reading.value))
        ? 'failing'
        : 'clean';
    case 'idle':
      return check.kind === 'metric' && check.mayBeIdle ? 'idle' : 'blind';
    case 'none':
      return 'blind';
  }
}

/** Whether a reading meets a trigger's condition; undefined when it says neither yes nor no. */
export function breaches(trigger: CheckTrigger, reading: Reading): boolean | undefined {
  switch (reading.kind) {
    case 'good':
      return false;
    case 'bad':
      return true;
    case 'value':
      if (trigger.breach && (keeps(trigger.breach, reading.value) || (reading.moreThan && isUpper(trigger.breach))))
        return true;
      return reading.inPart ? undefined : false;
    case 'idle':
    case 'none':
      return undefined;
  }
}

/** `612 ms`, `503 in 4 ms`, `no answer within 5s`. A value never looks as if it were on the other side of its guardrail or of what a trigger waits for. */
export function readingText(
  check: Check,
  reading: Reading,
  triggers: readonly Pick<CheckTrigger, 'breach'>[] = [],
): string {
  if (reading.kind !== 'value') return reading.text;
  const limits = triggers.flatMap(({ breach }) => (breach ? [breach.value] : []));
  const value =
    check.kind === 'metric'
      ? formatValue(reading.value, check.unit, [check.guardrail.value, ...limits])
      : formatValue(reading.value, 'number');
  return [`${reading.moreThan ? 'more than ' : ''}${value}`, reading.text, reading.inPart ? 'seen in part' : '']
    .filter(Boolean)
    .join(', ');
}

/** What the condition of a trigger is, in words: `> 500 ms`, `failing`. */
export function conditionText(trigger: CheckTrigger, check: Check): string {
  return trigger.breach && check.kind === 'metric' ? formatBound(trigger.breach, check.unit) : 'failing';
}
