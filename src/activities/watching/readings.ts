import type { Values } from '../../domain/plan/placeholders.js';
import type { MadeOf } from '../../domain/metrics/measured.js';
import type { Plan } from '../../domain/plan/plan.js';
import type { Check, MetricCheck, RuleCheck } from '../../domain/plan/playbook.js';
import type { Reading } from '../../domain/watching/reading.js';
import type { Shapes } from '../../domain/contracts/shape.js';
import type { Environment } from '../../plans/variables.js';
import { retryably } from '../patience.js';
import { probeCheck } from './probe.js';
import { targetUrl } from './targets.js';

/** One look at one check. */
export interface Look<Kind extends Check = Check> {
  readonly plan: Plan;
  readonly planHash: string;
  readonly check: Kind;
  /** `service`, or one of a stage's own targets. */
  readonly target: string;
  /** The run's values, for a target's selector. */
  readonly values: Values;
  /** How the contracts answered before the deploy. */
  readonly baseline?: Shapes;
  /** What the check was made of before the deploy. */
  readonly before?: MadeOf | undefined;
  /** Whether to note what it is made of now. */
  readonly notes?: true;
  readonly signal: AbortSignal;
}

export type Reader = (look: Look) => Promise<Reading>;

interface Sources {
  readonly environment: Environment;
  readonly metric: (look: Look<MetricCheck>) => Promise<Reading>;
  readonly rule: (look: Look<RuleCheck>) => Promise<Reading>;
}

/** Looks where a check's kind says. Rejects when the look was broken off, or where this worker lacks what it needs. */
export function readings({ environment, metric, rule }: Sources): Reader {
  return async (look) => {
    const { plan, check, target, signal } = look;
    switch (check.kind) {
      case 'probe': {
        const url = await retryably(() => targetUrl(plan, target, environment));
        return probeCheck(url, check, plan.control, environment, signal);
      }
      case 'metric':
        return metric({ ...look, check });
      case 'contracts':
      case 'integrity':
        return rule({ ...look, check });
    }
  };
}
