import type { Plan } from '../plan/plan.js';
import type { StageStatus } from './status.js';

/** How far each stage of a plan is: none has begun. */
export const pendingStages = ({ stages }: Pick<Plan, 'stages'>): readonly StageStatus[] =>
  stages.map(({ name }) => ({ name, state: 'pending' }));

/** One of them is elsewhere since `at`, ISO, unless `next` says since when. What was answered after its deploy stays known. */
export const withStage = (
  stages: readonly StageStatus[],
  next: Omit<StageStatus, 'beganAt'>,
  at: string,
): readonly StageStatus[] =>
  stages.map((stage) => {
    if (stage.name !== next.name) return stage;
    const { answers, beganAt = at, since = at, state } = stage;
    return {
      beganAt,
      since: state === next.state ? since : at,
      ...(answers === undefined ? {} : { answers }),
      ...next,
    };
  });

const AT_ITS_GATE = 'at its gate';

/** What was under way is stopped at `at`, ISO; what was over or never begun stays as it was. */
export const stoppedStages = (stages: readonly StageStatus[], at: string): readonly StageStatus[] =>
  stages.map((stage) => {
    const { name, state, beganAt, answers } = stage;
    if (['pending', 'done', 'failed'].includes(state)) return stage;
    return {
      name,
      state: 'stopped',
      since: at,
      ...(beganAt === undefined ? {} : { beganAt }),
      ...(answers === undefined ? {} : { answers }),
      ...(state === 'waiting at its gate' ? { detail: AT_ITS_GATE } : {}),
    };
  });

/** What was deployed, in whole or in part, is rolled back since `at`, ISO. */
export const rolledBackStages = (stages: readonly StageStatus[], at: string): readonly StageStatus[] =>
  stages.map((stage) =>
    stage.state === 'pending' || stage.detail === AT_ITS_GATE ? stage : { ...stage, state: 'rolled back', since: at },
  );
