import type { Plan } from '../../src/domain/plan/plan.js';
import type { Restore } from '../../src/domain/plan/playbook.js';

const command = (...run: string[]) => ({ run, environment: {}, deadline: 60_000 });

/** A plan that asks Lea or Ivo for four hours about a restore, after each rollback; with a restore of the team's own unless a test leaves it out. */
export const withRestore =
  (more: Partial<Restore> = {}) =>
  (plan: Plan): Plan => ({
    ...plan,
    rollback: {
      ...plan.rollback,
      restore: {
        leads: ['Lea', 'Ivo'],
        propose: 'always',
        askFor: 4 * 3_600_000,
        drill: command('drill', '{manifest}'),
        restore: command('restore', '{manifest}'),
        ...more,
      },
    },
  });
