import type { Plan } from '../plan/plan.js';
import { formatBound, formatValue } from '../plan/playbook/bound.js';
import type { Check, MetricCheck } from '../plan/playbook.js';
import { worstOf } from '../watching/segment-stats.js';
import { triggersOf, type Segment } from '../watching/segment.js';

/** What has been seen of one check at one target for a while. */
export interface CheckTally {
  readonly check: string;
  readonly target: string;
  /** The measured value that was furthest to the wrong side of its guardrail, in the check's unit. */
  readonly worst?: number;
  /** How often it went from clean to failing. */
  readonly flaps: number;
  /** How long it had no readings, in times that are over, in milliseconds. */
  readonly blindMs: number;
}

/** All of them, as plain data. */
export type Tally = readonly CheckTally[];

/** What is known after one more segment. */
export function tallied(
  tally: Tally,
  { states, gaps = [] }: Pick<Segment, 'states' | 'gaps'>,
  checks: readonly Check[],
): Tally {
  return states.reduce<Tally>((all, { check, target, course }) => {
    const before = all.find((each) => each.check === check && each.target === target) ?? {
      check,
      target,
      flaps: 0,
      blindMs: 0,
    };
    const blindMs = gaps
      .filter((gap) => gap.check === check && gap.target === target)
      .reduce((sum, { fromAgeMs, toAgeMs }) => sum + fromAgeMs - toAgeMs, before.blindMs);
    const values = [before.worst, course?.worst].filter((value) => value !== undefined);
    const guardrail = metricNamed(checks, check)?.guardrail;
    const after = {
      ...before,
      flaps: before.flaps + (course?.flaps ?? 0),
      blindMs,
      ...(guardrail && values.length > 0 ? { worst: worstOf(guardrail, values) } : {}),
    };
    return [...all.filter((each) => each !== before), after];
  }, tally);
}

/** The worst value as people read it, with the guardrail it is held against; nothing where nothing was measured. */
export function worstText(
  { checks, triggers }: Pick<Plan, 'checks' | 'triggers'>,
  { check: name, worst }: Pick<CheckTally, 'check' | 'worst'>,
): { worst: string; guardrail: string } | undefined {
  const check = metricNamed(checks, name);
  if (!check || worst === undefined) return undefined;
  const limits = triggersOf(triggers, name).flatMap(({ breach }) => (breach ? [breach.value] : []));
  return {
    worst: formatValue(worst, check.unit, [check.guardrail.value, ...limits]),
    guardrail: formatBound(check.guardrail, check.unit),
  };
}

function metricNamed(checks: readonly Check[], name: string): MetricCheck | undefined {
  const check = checks.find((each) => each.name === name);
  return check?.kind === 'metric' ? check : undefined;
}
