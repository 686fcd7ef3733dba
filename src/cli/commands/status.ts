import { Command } from 'commander';
import { environmentCommand } from '../options/environment-command.js';
import { EXIT } from '../exit/exit-codes.js';

export function statusCommand(): Command {
  const command = new Command('status')
    .summary('where a go-live is, with or without a worker')
    .description(
      "Shows where an environment's go-live is: phase, stages, open holds with the command that answers each, readings, what stopped it. Says what it can when no worker answers.",
    )
    .option('--dry-run', "the environment's rehearsal instead of its go-live")
    .option('--timeline', 'everything that has happened so far, in order')
    .option(
      '--watch',
      'the screen of "golive watch"; where the output is no terminal: shows it anew until it ends or Ctrl-C',
    );
  return environmentCommand(
    command,
    async () => (await import('../actions/status.js')).status,
    ['golive status prod', 'golive status prod --watch', 'golive status prod --json | jq -r .status.phase'],
    [EXIT.ok, EXIT.noServer, EXIT.noGoLive, EXIT.noWorker],
  );
}
