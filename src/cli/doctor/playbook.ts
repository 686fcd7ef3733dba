import type { Plan } from '../../domain/plan/plan.js';
import { shellWord } from '../../domain/text/shell-word.js';
import { missingForPlan, type Environment } from '../../plans/variables.js';
import { plansOf } from '../options/plans-of.js';
import { found, type Diagnosis } from './diagnosis.js';

/** Whether the playbook file is valid and has what it names; and the plans that can be looked at further. @param name one environment; all when left out */
export async function lookAtPlaybook(
  file: string,
  name: string | undefined,
  environment: Environment,
): Promise<{ diagnoses: Diagnosis[]; plans: Plan[] }> {
  try {
    const plans = (await plansOf(file, name)).map(({ plan }) => plan);
    const names = plans.map((plan) => plan.environment.name).join(', ');
    return {
      diagnoses: [
        found('playbook', file, 'ok', `valid, environments: ${names}`),
        ...plans.map((plan) => variables(plan, environment)),
      ],
      plans: plans.filter((plan) => missingForPlan(plan, environment).length === 0),
    };
  } catch (error) {
    const cure = {
      cure: 'Mend the file, or name another one with --playbook.',
      command: `golive plan --playbook ${file}`,
    };
    return { diagnoses: [found('playbook', file, 'bad', (error as Error).message, cure)], plans: [] };
  }
}

function variables(plan: Plan, environment: Environment): Diagnosis {
  const missing = missingForPlan(plan, environment);
  return found(
    'playbook',
    `${plan.environment.name}: variables`,
    missing.length > 0 ? 'bad' : 'ok',
    missing.length > 0
      ? `not set here: ${missing.join(', ')}; so its commands and its service were not looked at`
      : 'all that the plan names are set here',
    {
      cure: 'Set them where the worker is started, and ask again with the same ones: golive doctor looks with its own environment.',
      command: `set -a; . /etc/golive/worker.env; set +a; golive doctor ${shellWord(plan.environment.name)}`,
    },
  );
}
