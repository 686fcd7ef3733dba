import type { Bound } from '../plan/playbook/bound.js';
import type { Check } from '../plan/playbook.js';
import type { Reading } from './reading.js';
import type { SegmentStats, TargetState } from './segment.js';

/** How a check went in its segment, after one more look. */
export function statsAfter(before: TargetState, after: TargetState, reading: Reading, check: Check): SegmentStats {
  const { worst, flaps = 0 } = before.course ?? {};
  const values = [worst, reading.kind === 'value' ? reading.value : undefined].filter((value) => value !== undefined);
  const flapped = (before.standing === 'clean' || before.standing === 'idle') && after.standing === 'failing';
  return {
    ...(check.kind === 'metric' && values.length > 0 ? { worst: worstOf(check.guardrail, values) } : {}),
    flaps: flaps + (flapped ? 1 : 0),
  };
}

/** The value that is furthest to the wrong side of a bound. There has to be one. */
export function worstOf({ is }: Bound, values: readonly number[]): number {
  return is === 'below' || is === 'atMost' ? Math.max(...values) : Math.min(...values);
}
