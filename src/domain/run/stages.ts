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

const AT_ITS_GATE = 'at its gate';

/** What was under way is stopped; what was over or never begun stays as it was. */
export const stoppedStages = (stages: readonly StageStatus[]): readonly StageStatus[] =>
  stages.map(({ name, state, ...more }) => {
    if (['pending', 'done', 'failed'].includes(state)) return { name, state, ...more };
    return { name, state: 'stopped', ...(state === 'waiting at its gate' ? { detail: AT_ITS_GATE } : {}) };
  });

/** What was deployed, in whole or in part, is rolled back. */
export const rolledBackStages = (stages: readonly StageStatus[]): readonly StageStatus[] =>
  stages.map((stage) =>
    stage.state === 'pending' || stage.detail === AT_ITS_GATE ? stage : { ...stage, state: 'rolled back' },
  );
