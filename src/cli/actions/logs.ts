import { homeAt } from '../../home.js';
import { workflowIdOf } from '../../domain/run/workflow-id.js';
import { CliError } from '../exit/cli-error.js';
import { EXIT, type ExitCode } from '../exit/exit-codes.js';
import { onInterrupt } from '../exit/interrupt.js';
import type { EnvironmentOptions } from '../options/environment-command.js';
import { readToEnd } from '../run/command-output.js';
import { followCommands } from '../run/follow-commands.js';
import { describeRun, lookAtRun } from '../run/look-at-run.js';
import { commandNamed, commandsOf, tellingCommand } from '../run/run-commands.js';
import { commandList, outputTitle } from '../screens/command-screen.js';
import { withClient } from '../server/find-server.js';
import { OutputPrinter } from '../terminal/output-printer.js';
import { openTerminal } from '../terminal/terminal.js';

interface LogsOptions extends EnvironmentOptions {
  readonly follow?: boolean;
  readonly list?: boolean;
  readonly lines?: number;
  readonly dryRun?: boolean;
}

export async function logs(environment: string, options: LogsOptions, step?: string): Promise<ExitCode> {
  const { follow, json, list, lines } = options;
  if (follow && (json || list))
    throw new CliError(
      EXIT.usage,
      `--follow goes on and on, so it has no ${json ? '--json, which is one document' : '--list'}. Leave one of them out.`,
    );
  const terminal = openTerminal(json === true);
  const workflowId = workflowIdOf({ environment, dryRun: options.dryRun });
  const { ledger } = homeAt(options.home);
  return await withClient(options, async (client, server) => {
    const look = async () => lookAtRun(client, environment, await describeRun(client, workflowId, server), server);
    const view = await look();
    const commands = await commandsOf(client, view);
    const run = { environment, workflowId, runId: view.runId };
    if (list) {
      terminal.print(commands.length === 0 ? noneYet(workflowId) : commandList(commands, Date.now(), terminal.paint));
      terminal.document({ ...run, commands });
      return EXIT.ok;
    }
    const command = step === undefined ? tellingCommand(commands) : commandNamed(commands, step);
    if (follow) {
      const restore = onInterrupt(() => terminal.note('Not following any longer; the run and its commands go on.'));
      const printer = () => new OutputPrinter();
      const following = { client, look, ledger, lines, note: terminal.note, printer };
      await followCommands(following, view, command, step === undefined).finally(restore);
      return EXIT.ok;
    }
    if (!command) {
      terminal.note(noneYet(workflowId));
      terminal.document({ ...run, commands });
      return EXIT.ok;
    }
    const read = await readToEnd(client, view, command, ledger, lines);
    if (!json) {
      terminal.note(outputTitle(command, read, Date.now()));
      const printer = new OutputPrinter();
      printer.write('stdout', read.stdout);
      printer.write('stderr', read.stderr);
      printer.end();
      if (read.running) terminal.note(`It still runs. Follow it: golive logs ${environment} -f`);
    }
    const { source, stdout, stderr, ...state } = read;
    const { kind, where } = source;
    terminal.document({
      ...run,
      command: { step: command.step, generation: command.generation, ...state },
      source: { kind, where },
      stdout: stdout.toString('utf8'),
      stderr: stderr.toString('utf8'),
    });
    return EXIT.ok;
  });
}

const noneYet = (workflowId: string): string => `${workflowId} has run no command yet.`;
