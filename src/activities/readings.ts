import type { Values } from '../domain/placeholders.js';
import type { Plan } from '../domain/plan.js';
import type { Check } from '../domain/playbook.js';

/** One look at one check. */
export interface Look<Kind extends Check = Check> {
  readonly plan: Plan;
  readonly planHash: string;
  readonly check: Kind;
  /** `service`, or one of a stage's own targets. */
  readonly target: string;
  /** The run's values, for a target's selector. */
  readonly values: Values;
  readonly signal: AbortSignal;
}
