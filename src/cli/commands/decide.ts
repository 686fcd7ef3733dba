import { Command } from 'commander';
import { workflowIdOf } from '../../domain/run/input.js';
import { answerCommand, type OpenHold } from '../../domain/people/hold.js';
import { decideUpdate } from '../../workflows/people/messages.js';
import { CliError } from '../exit/cli-error.js';
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

interface DecideOptions extends ServerOptions, OutputOptions {
  readonly hold?: string;
  readonly choice: string;
  readonly by: string;
  readonly reason: string;
}

const SENT = { what: 'decision', verb: 'decide' };

export function decideCommand(): Command {
  const command = new Command('decide')
    .summary('answers an open hold')
    .description(
      'Answers an open hold. "golive status" shows the holds that are open, each with its choices and this very command.',
    )
    .argument('<environment>', 'the environment, such as prod', environmentArgument)
    .option('--hold <id>', 'which hold; may be left out when only one is open')
    .requiredOption('--choice <choice>', 'one of the choices of the hold')
    .requiredOption('--by <name>', 'who decides; it is recorded')
    .requiredOption('--reason <text>', 'why; it is recorded')
    .action(async (environment: string, options: DecideOptions) => {
      process.exitCode = await decide(environment, options);
    });
  return withExamples(
    withJson(withServer(command)),
    ['golive decide prod --hold soak-canary --choice extend --by "Ana" --reason "one slow node, already replaced"'],
    [EXIT.ok, EXIT.usage, EXIT.noServer, EXIT.refused, EXIT.noGoLive, EXIT.noWorker],
  );
}

async function decide(environment: string, options: DecideOptions): Promise<ExitCode> {
  const terminal = openTerminal(options.json === true);
  const workflowId = workflowIdOf({ environment });
  return await withClient(options, async (client, server) => {
    const { status } = await statusBefore(client, environment, server, SENT);
    const hold = options.hold ?? onlyHold(environment, status.holds).id;
    const decision = { hold, choice: options.choice, by: options.by, reason: options.reason };
    const answer = await sendUpdate(client, environment, decideUpdate, decision, SENT);
    terminal.print(`Decided ${oneLine(answer)}.`);
    terminal.document({ environment, workflowId, ...decision, accepted: true });
    return EXIT.ok;
  });
}

function onlyHold(environment: string, holds: readonly OpenHold[]): OpenHold {
  const [first, ...more] = holds;
  if (first && more.length === 0) return first;
  if (!first) throw new CliError(EXIT.refused, 'No hold is open, so there is nothing to decide.');
  throw new CliError(
    EXIT.refused,
    `${holds.length} holds are open: say which one with --hold.\n${holds.map((hold) => `  ${oneLine(answerCommand(environment, hold))}`).join('\n')}`,
  );
}
