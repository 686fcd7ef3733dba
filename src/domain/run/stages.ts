import type { Plan } from '../plan/plan.js';
import type { StageStatus } from './status.js';

/** How far each stage of a plan is: none has begun. */
export const pendingStages = ({ stages }: Pick<Plan, 'stages'>): readonly StageStatus[] =>
  stages.map(({ name }) => ({ name, state: 'pending' }));

export const withStage = (
  stages: readonly StageStatus[],
  name: string,
  state: StageStatus['state'],
  detail?: string,
): readonly StageStatus[] =>
  stages.map((stage) => (stage.name === name ? { name, state, ...(detail === undefined ? {} : { detail }) } : stage));

/** What was under way is stopped; what was over or never begun stays as it was. */
export const stoppedStages = (stages: readonly StageStatus[]): readonly StageStatus[] =>
  stages.map((stage) =>
    ['pending', 'done', 'failed'].includes(stage.state) ? stage : { name: stage.name, state: 'stopped' },
  );
