import { Lookout } from '../../src/activities/lookout.js';
import type { ObserveInput } from '../../src/activities/observe.js';
import type { Plan } from '../../src/domain/plan.js';
import type { Check } from '../../src/domain/playbook.js';
import type { Reading } from '../../src/domain/reading.js';
import type { Segment } from '../../src/domain/watching.js';

/** What a look at a check comes back with at a moment, in epoch milliseconds of the time that is skipped. */
export type Readings = (check: Check, target: string, at: number) => Reading;

/** Everything as it should be. */
export function goodReading(check: Check): Reading {
  if (check.kind !== 'metric') return { kind: 'good', text: 'as it should be' };
  const { is, value } = check.guardrail;
  return { kind: 'value', value: is === 'below' ? value / 2 : is === 'above' ? value * 2 : value };
}

/** A segment of watching as the real one goes, with looks that take no time, at the moments they are due in time that is skipped. */
export function simulateSegment(plan: Plan, input: ObserveInput, startsAt: number, readings: Readings): Segment {
  const { endedAt: ofAnotherTime, ...segment } = simulate(plan, input, startsAt, readings);
  void ofAnotherTime;
  return segment;
}

function simulate(plan: Plan, { states, segmentMs, coalesce }: ObserveInput, startsAt: number, readings: Readings): Segment {
  const lookout = new Lookout(states, plan, startsAt, 0, coalesce);
  let end = startsAt + segmentMs;
  for (;;) {
    const now = lookout.due(startsAt).map((each) => ({ ...each, at: Math.max(startsAt, startsAt + each.inMs) })).sort((a, b) => a.at - b.at || a.index - b.index)[0];
    if (!now || now.at > end) return lookout.report(end);
    end = Math.min(end, now.at + lookout.take(now.index, readings(now.check, now.target, now.at), now.at));
    if (end <= now.at) return lookout.report(now.at);
  }
}
