import type { Plan } from '../../domain/plan/plan.js';
import { SERVICE } from '../../domain/watching/segment.js';
import { resolve, type Environment } from '../../plans/variables.js';

/** The base URL of a target by name: `service`, or one of a stage's own. */
export function targetUrl(plan: Plan, name: string, environment: Environment): string {
  const written =
    name === SERVICE
      ? plan.environment.url
      : plan.stages.flatMap((stage) => stage.targets).find((target) => target.name === name)?.url;
  if (written === undefined) throw new Error(`The plan has no target "${name}".`);
  return resolve(written, environment).replace(/\/$/, '');
}
