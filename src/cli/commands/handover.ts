import { Command } from 'commander';
import { handOverUpdate } from '../../workflows/people/messages.js';
import { environmentArgument } from '../options/environment-argument.js';
import { EXIT, type ExitCode } from '../exit/exit-codes.js';
import { withClient } from '../server/find-server.js';
import { sendUpdate, statusBefore } from '../messages/send-update.js';
import {
  withExamples,
  withJson,
  withServer,
  type OutputOptions,
  type ServerOptions,
} from '../options/shared-options.js';
import { openTerminal } from '../terminal/terminal.js';
import { oneLine } from '../terminal/terminal-text.js';

interface HandoverOptions extends ServerOptions, OutputOptions {
  readonly to: string;
  readonly by: string;
  readonly reason: string;
}

const SENT = { what: 'handover', verb: 'hand over' };

export function handoverCommand(): Command {
  const command = new Command('handover')
    .summary('asks somebody to be the decision owner')
    .description(
      'Asks somebody to be the decision owner of a go-live from now on. They answer with "golive decide"; until they accept, the owner stays. Nothing waits for it.',
    )
    .argument('<environment>', 'the environment, such as prod', environmentArgument)
    .requiredOption('--to <name>', 'who is to take over')
    .requiredOption('--by <name>', 'who hands over; it is recorded')
    .requiredOption('--reason <text>', 'why; it is recorded')
    .action(async (environment: string, options: HandoverOptions) => {
      process.exitCode = await handover(environment, options);
    });
  return withExamples(
    withJson(withServer(command)),
    ['golive handover prod --to "Bea" --by "Ana" --reason "end of shift"'],
    [EXIT.ok, EXIT.usage, EXIT.noServer, EXIT.refused, EXIT.noGoLive, EXIT.noWorker],
  );
}

async function handover(environment: string, { to, by, reason, ...options }: HandoverOptions): Promise<ExitCode> {
  const terminal = openTerminal(options.json === true);
  return await withClient(options, async (client, server) => {
    await statusBefore(client, environment, server, SENT);
    const answer = await sendUpdate(client, environment, handOverUpdate, { to, by, reason }, SENT);
    terminal.print(oneLine(answer));
    terminal.document({ environment, to, by, reason, asked: true, next: answer });
    return EXIT.ok;
  });
}
