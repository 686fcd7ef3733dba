import { loadedAction } from '../options/loaded-action.js';
import { Command } from 'commander';
import { TASK_QUEUE } from '../../domain/run/task-queues.js';
import { EXIT } from '../exit/exit-codes.js';
import { PAGE_PORT } from '../server/up-ports.js';
import { withExamples, withPlaybook, withServer } from '../options/shared-options.js';
import { withMetrics } from '../options/metrics-option.js';
import { withVersioning } from '../options/versioning-option.js';

export function workerCommand(): Command {
  const command = new Command('worker')
    .summary('a worker alone, in the foreground')
    .description(
      'Runs a worker in the foreground: JSON logs on stdout, stopped in order by SIGINT or SIGTERM (a second one forces). Commands it has started go on under their supervisors.',
    )
    .option('--queue <name>', 'its task queue', TASK_QUEUE)
    .option(
      '--page [host:port]',
      `serves the reports of the go-lives kept here, for reading alone: at 127.0.0.1:${PAGE_PORT} if free. Anybody who reaches the address can read them`,
    )
    .action(loadedAction(async () => (await import('../actions/worker.js')).worker));
  return withExamples(
    withMetrics(withVersioning(withPlaybook(withServer(command)))),
    [
      'golive worker',
      'golive worker --metrics',
      'TEMPORAL_PROFILE=prod golive worker --home /var/lib/golive --playbook /etc/golive/golive.yaml',
    ],
    [EXIT.ok, EXIT.failed, EXIT.usage, EXIT.noServer, EXIT.interrupted],
  );
}
