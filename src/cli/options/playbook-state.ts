import { missingForPlan } from '../../plans/variables.js';
import { plansOf } from './plans-of.js';

/** What can be said of a playbook file before a go-live is started. */
export interface PlaybookState {
  readonly environments: readonly string[];
  readonly missingVariables: readonly string[];
}

/** Throws, with a line for each fault, when the file can't be used. */
export async function playbookState(file: string): Promise<PlaybookState> {
  const plans = await plansOf(file);
  return {
    environments: plans.map(({ plan }) => plan.environment.name),
    missingVariables: [...new Set(plans.flatMap(({ plan }) => missingForPlan(plan, process.env)))],
  };
}

/** Said at a worker's start, for else the first go-live finds out. */
export function lacksVariables(missing: readonly string[]): string {
  const [these, them] = missing.length === 1 ? ['the environment variable', 'it'] : ['environment variables', 'them'];
  return `This worker lacks ${these} ${missing.join(', ')}: a go-live whose plan names ${them} can't start here. Set ${them} where the worker is started, and start it again.`;
}
