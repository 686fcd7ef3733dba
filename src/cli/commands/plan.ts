import { Command } from 'commander';
import { freezing } from '../../domain/freeze/freeze-window.js';
import { missingForPlan } from '../../plans/variables.js';
import { environmentArgument } from '../options/environment-argument.js';
import { EXIT, type ExitCode } from '../exit/exit-codes.js';
import { plansOf } from '../options/plans-of.js';
import { planScreen } from '../screens/plan-screen.js';
import {
  withExamples,
  withJson,
  withPlaybook,
  type OutputOptions,
  type PlaybookOptions,
} from '../options/shared-options.js';
import { openTerminal } from '../terminal/terminal.js';

interface PlanOptions extends PlaybookOptions, OutputOptions {}

export function planCommand(): Command {
  const command = new Command('plan')
    .summary('validates the playbook file and shows the plan and its hash')
    .description(
      'Validates the playbook file and shows the plan that a go-live started now would be frozen to, with its hash. Needs no server.',
    )
    .argument('[environment]', 'the environment; every one of the file when left out', environmentArgument)
    .action(async (environment: string | undefined, options: PlanOptions) => {
      process.exitCode = await plan(environment, options);
    });
  return withExamples(
    withJson(withPlaybook(command)),
    ['golive plan prod', 'golive plan prod --playbook examples/aris3/golive.yaml'],
    [EXIT.ok, EXIT.usage],
  );
}

async function plan(environment: string | undefined, options: PlanOptions): Promise<ExitCode> {
  const terminal = openTerminal(options.json === true);
  const plans = await plansOf(options.playbook, environment);
  const shown = plans.map((frozen) => ({ ...frozen, missing: missingForPlan(frozen.plan, process.env) }));
  terminal.print(shown.map((each) => planScreen(each, each.missing, terminal.paint)).join('\n\n'));
  const documents = shown.map(({ hash, plan: frozen, missing }) => ({
    environment: frozen.environment.name,
    hash,
    short: hash.replace('sha256:', '').slice(0, 12),
    missingVariables: missing,
    frozenBy: freezing(frozen.freezes, Date.now()).windows.map(({ name, until }) => ({
      name,
      until: new Date(until).toISOString(),
    })),
    plan: frozen,
  }));
  terminal.document(environment === undefined ? documents : documents[0]);
  return EXIT.ok;
}
