import type { Plan } from '../plan/plan.js';
import type { Check } from '../plan/playbook.js';
import { SERVICE } from './segment.js';

/**
 * The probes and metrics that can be looked at at a target. A stage's own target has metrics of its own when its endpoint is asked directly, or
 * when it says which labels its samples in Prometheus have.
 */
export function checksAt(
  { checks, stages, metrics }: Pick<Plan, 'checks' | 'stages' | 'metrics'>,
  target: string,
): Check[] {
  const selector = stages.flatMap(({ targets }) => targets).find(({ name }) => name === target)?.selector;
  const measurable = target === SERVICE || metrics?.scrape !== undefined || selector !== undefined;
  return checks.filter(({ kind }) => kind === 'probe' || (kind === 'metric' && measurable));
}
