import { Command } from 'commander';
import type { SaidBy } from '../../domain/people/said-by.js';
import { workflowIdOf } from '../../domain/run/input.js';
import { environmentCommand, type EnvironmentOptions } from '../options/environment-command.js';
import { EXIT, type ExitCode } from '../exit/exit-codes.js';
import { abortRun } from '../messages/abort-run.js';
import { withClient } from '../server/find-server.js';
import { loginName } from '../options/login-name.js';
import { openTerminal } from '../terminal/terminal.js';

interface AbortOptions extends EnvironmentOptions, SaidBy {
  readonly dryRun?: boolean;
}

export function abortCommand(): Command {
  const command = new Command('abort')
    .summary('stops a go-live now; rolls back what was deployed')
    .description(
      'Stops a go-live now: rolls back if anything was deployed, else ends it. Can be said twice; works without a worker, too: the server then keeps it.',
    )
    .option('--reason <text>', 'why; it is announced', 'no reason given')
    .option('--by <name>', 'who', loginName())
    .option('--dry-run', "the environment's rehearsal instead of its go-live");
  return environmentCommand(
    command,
    abort,
    ['golive abort prod --reason "checkout fails" --by "Ana"'],
    [EXIT.ok, EXIT.noServer, EXIT.refused, EXIT.noGoLive, EXIT.noWorker],
  );
}

async function abort(environment: string, { reason, by, ...options }: AbortOptions): Promise<ExitCode> {
  const terminal = openTerminal(options.json === true);
  const workflowId = workflowIdOf({ environment, dryRun: options.dryRun });
  return await withClient(options, async (client, server) => {
    const { text, document, exitCode } = await abortRun(client, environment, workflowId, server, { reason, by });
    terminal.print(text);
    if ('answered' in document && document.answered) terminal.print(`Watch it: golive watch ${environment}`);
    terminal.document({ environment, workflowId, ...document });
    return exitCode;
  });
}
