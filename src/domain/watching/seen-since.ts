import type { CheckStatus } from './check-status.js';
import type { TargetState } from './segment.js';

/** What a look under way may say of a check that the run holds for well. */
export type SeenSince = Pick<TargetState, 'check' | 'target' | 'standing' | 'failures' | 'last' | 'value'>;

/**
 * The checks of a status with what the segments under way have seen since its last report. What isn't well stays as the run knows it: by that it acts, and the
 * two may have been asked a moment apart.
 */
export function seenSince(watching: readonly CheckStatus[], seen: readonly SeenSince[]): CheckStatus[] {
  return watching.map((check) => {
    const since = seen.find((each) => each.check === check.check && each.target === check.target);
    if (!since || since.last === undefined || (check.standing !== 'clean' && check.standing !== 'idle')) return check;
    const { standing, failures, last, value } = since;
    return { ...check, standing, failures, last, ...(value === undefined ? {} : { value }) };
  });
}
