import type { Plan } from '../../src/domain/plan/plan.js';
import type { Soak } from '../../src/domain/plan/playbook.js';

/** A plan in which each soak that there is takes so long (milliseconds). */
export const withSoak = (plan: Plan, soak: Soak): Plan => ({
  ...plan,
  stages: plan.stages.map((stage) => (stage.soak ? { ...stage, soak } : stage)),
});
