import { keeps, type Bound } from '../plan/playbook/bound.js';
import type { MetricCheck, Trigger } from '../plan/playbook.js';
import type { Reading } from '../watching/reading.js';
import { triggersOf } from '../watching/segment.js';

/**
 * A reading when a part of the fleet was not seen. What was seen can be bad enough to say so; it can't show that all is well: what wasn't seen may be
 * the part that is broken (promise 3).
 * @param unseen names the part, such as `10.0.0.7:8000 can't be scraped (ECONNREFUSED)`
 */
export function partialSight(
  reading: Reading,
  unseen: string,
  check: MetricCheck,
  triggers: readonly Trigger[],
): Reading {
  if (reading.kind !== 'value') return { kind: 'none', text: unseen };
  return reading.moreThan || isBad(check, triggers, reading.value)
    ? { ...reading, inPart: true, text: [reading.text, unseen].filter(Boolean).join('; ') }
    : { kind: 'none', text: `${unseen}; the rest is inside the guardrail` };
}

/** Outside the guardrail, or what a trigger waits for. */
export function isBad(check: MetricCheck, triggers: readonly Trigger[], value: number): boolean {
  return !keeps(check.guardrail, value) || boundsOf(triggers, check.name).some((bound) => keeps(bound, value));
}

/** What the triggers of a check wait for. */
export const boundsOf = (triggers: readonly Trigger[], check: string): Bound[] =>
  triggersOf(triggers, check).flatMap(({ breach }) => breach ?? []);
