import { loadedAction } from '../options/loaded-action.js';
import { Command } from 'commander';
import { TASK_QUEUE } from '../../domain/run/task-queues.js';
import { EXIT } from '../exit/exit-codes.js';
import { environmentArgument } from '../options/environment-argument.js';
import { withExamples, withJson, withServer } from '../options/shared-options.js';

export function doctorCommand(): Command {
  const command = new Command('doctor')
    .summary('what a go-live will need and what is missing, each with its cure')
    .description(
      'Looks at everything that a go-live will need: the server, its namespace, the workers, the playbook file, its commands and variables, the service and its metrics, the clocks, the ledger’s disk, and whether commands outlive their worker here. Run it on the worker’s host, as its user and with its variables. It changes nothing: it reads from the service, and logs in where the plan has a login.',
    )
    .argument('[environment]', 'the environment; every one of the file when left out', environmentArgument)
    .option('--queue <name>', "the worker's task queue", TASK_QUEUE)
    .option(
      '--playbook <file>',
      'the playbook file (GOLIVE_PLAYBOOK, the one of the worker of this home, or golive.yaml)',
    )
    .action(loadedAction(async () => (await import('../actions/doctor.js')).doctor));
  return withExamples(
    withJson(withServer(command)),
    [
      'golive doctor prod',
      `golive doctor prod --json | jq -r '.findings[] | select(.state != "ok") | .command // .cure'`,
    ],
    [EXIT.ok, EXIT.usage, EXIT.unfit],
  );
}
