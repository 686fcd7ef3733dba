import { loadedAction } from '../options/loaded-action.js';
import { Command, InvalidArgumentError } from 'commander';
import { EXIT } from '../exit/exit-codes.js';
import { withExamples, withHome, withJson, withPlaybook } from '../options/shared-options.js';
import { GRPC_PORT, PAGE_PORT, UI_PORT } from '../server/up-ports.js';
import { withMetrics } from '../options/metrics-option.js';
import { withVersioning } from '../options/versioning-option.js';

export function upCommand(): Command {
  const command = new Command('up')
    .summary('a Temporal server and a worker, in the foreground')
    .description(
      "Runs a Temporal server of its own and a worker in the foreground. The server's state is a file in the home: started again, everything goes on where it was. Ctrl-C stops both, a second one forces.",
    )
    .option('--port <number>', `gRPC port (${GRPC_PORT} if free; 0: any)`, portArgument)
    .addHelpText(
      'after',
      '\nWith --json it prints one document when it is up, with the addresses, and another only if it ends by a fault.',
    )
    .option('--ui-port <number>', `port of the UI (${UI_PORT} if free; 0: any)`, portArgument)
    .option('--page <host:port>', `where the reports of the go-lives are served (127.0.0.1:${PAGE_PORT} if free)`)
    .option('--no-page', 'serves no reports')
    .action(loadedAction(async () => (await import('../actions/up.js')).up));
  return withExamples(
    withJson(withMetrics(withVersioning(withPlaybook(withHome(command))))),
    ['golive up', 'golive up --metrics', 'golive up --home /var/lib/golive --playbook /etc/golive/golive.yaml'],
    [EXIT.ok, EXIT.failed, EXIT.usage, EXIT.noServer, EXIT.refused, EXIT.interrupted],
  );
}

function portArgument(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new InvalidArgumentError('A port is a whole number from 0 (any free one) to 65535.');
  return port;
}
