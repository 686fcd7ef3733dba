import { Command } from 'commander';
import { EXIT } from '../exit/exit-codes.js';
import { countArgument } from '../options/count-argument.js';
import { environmentCommand } from '../options/environment-command.js';

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
    async () => (await import('../actions/logs.js')).logs,
    [
      'golive logs prod',
      'golive logs prod deploy-canary',
      'golive logs prod deploy-canary.2 | less',
      'golive logs prod -f',
    ],
    [EXIT.ok, EXIT.usage, EXIT.noServer, EXIT.noGoLive, EXIT.interrupted],
  ).argument('[step]', 'a step, such as deploy-canary: its last attempt; or an attempt, such as deploy-canary.2');
}
