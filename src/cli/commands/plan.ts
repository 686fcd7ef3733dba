import { loadedAction } from '../options/loaded-action.js';
import { Command } from 'commander';
import { environmentArgument } from '../options/environment-argument.js';
import { EXIT } from '../exit/exit-codes.js';
import { withExamples, withJson, withPlaybook, withServer } from '../options/shared-options.js';

export function planCommand(): Command {
  const command = new Command('plan')
    .summary('validates the playbook file and shows the plan and its hash')
    .description(
      'Validates the playbook file and shows all of the plan that a go-live started now would be frozen to, with its hash. A secret that is written out in the file is shown as …, also with --json: the hash is that of the plan with it. Needs no server; with --diff alone it asks the server for the last go-live.',
    )
    .argument('[environment]', 'the environment; every one of the file when left out', environmentArgument)
    .option(
      '--diff [hash]',
      "what is otherwise than in the plan of the environment's last go-live, or than in the plan with this hash",
    )
    .action(loadedAction(async () => (await import('../actions/plan.js')).plan));
  return withExamples(
    withJson(withServer(withPlaybook(command))),
    [
      'golive plan prod',
      'golive plan prod --playbook examples/aris3/golive.yaml',
      'golive plan prod --diff',
      'golive plan prod --diff 3f9c2a71d0b4',
    ],
    [EXIT.ok, EXIT.failed, EXIT.usage, EXIT.noServer, EXIT.noGoLive, EXIT.differs],
  );
}
