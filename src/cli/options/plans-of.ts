import { planFor } from '../../domain/plan/plan.js';
import { readPlaybookFile } from '../../plans/playbook-file.js';
import { hashOf, type FrozenPlan } from '../../plans/plan-store.js';
import { CliError } from '../exit/cli-error.js';
import { EXIT } from '../exit/exit-codes.js';

/** The plans of one environment of a playbook file, or of all. An unknown environment is a {@link CliError} that names those there are. */
export async function plansOf(file: string, environment?: string): Promise<FrozenPlan[]> {
  const playbook = await readPlaybookFile(file);
  return (environment === undefined ? Object.keys(playbook.environments) : [environment]).map((name) => {
    try {
      const narrowed = planFor(playbook, name);
      return { plan: narrowed, hash: hashOf(narrowed) };
    } catch (error) {
      throw new CliError(EXIT.usage, `${file}: ${(error as Error).message}`, { cause: error });
    }
  });
}
