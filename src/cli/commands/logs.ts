import { Command } from 'commander';
import { homeAt } from '../../home.js';
import { workflowIdOf } from '../../domain/run/input.js';
import { CliError } from '../exit/cli-error.js';
import { EXIT, type ExitCode } from '../exit/exit-codes.js';
import { onInterrupt } from '../exit/interrupt.js';
import { countArgument } from '../options/count-argument.js';
import { environmentCommand, type EnvironmentOptions } from '../options/environment-command.js';
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

export function logsCommand(): Command {
  const command = new Command('logs')
    .summary("what a run's commands have printed")
    .description(
      'Prints the output of a command of the newest run: of the one that runs, else of the step that failed last, else of the last one. From the ledger of this host, else from the host that has it, through Temporal; ' +
        "else what the run's history keeps: the last 4 KiB of each stream. Known secrets are taken out. stdout goes to stdout and stderr to stderr, as they were; on a terminal one after the other, as harmless text. About it, on stderr: which attempt, how it ended, when, and where the output is from.",
    )
    .option('-f, --follow', 'goes on until the command ends; without a step: on with the next ones, until the run ends')
    .option('-n, --lines <number>', 'only so many of the last lines of each stream', countArgument)
    .option('--list', "the run's commands with their state, instead of an output")
    .option('--dry-run', "the environment's rehearsal instead of its go-live");
  return environmentCommand(
    command,
    logs,
    [
      'golive logs prod',
      'golive logs prod deploy-canary',
      'golive logs prod deploy-canary.2 | less',
      'golive logs prod -f',
    ],
    [EXIT.ok, EXIT.usage, EXIT.noServer, EXIT.noGoLive, EXIT.interrupted],
  ).argument('[step]', 'a step, such as deploy-canary: its last attempt; or an attempt, such as deploy-canary.2');
}

async function logs(environment: string, options: LogsOptions, step?: string): Promise<ExitCode> {
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
