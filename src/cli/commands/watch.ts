import { Command } from 'commander';
import { ENDING_EXITS, EXIT } from '../exit/exit-codes.js';
import { environmentCommand } from '../options/environment-command.js';
import { BY_DEFAULT } from '../options/said-by.js';

export function watchCommand(): Command {
  const command = new Command('watch')
    .summary('a screen that shows a go-live as it goes, with keys for what one does at 2 a.m.')
    .description(
      "Shows an environment's go-live on the whole terminal as it goes, and waits for one that has not started, of an environment that is known. Keys abort, pause, resume, promote and answer, each with a reason; q quits, and the go-live goes on. " +
        'Where the output is no terminal: each thing that happens as a line, until it ends.',
    )
    .option('--dry-run', "the environment's rehearsal instead of its go-live")
    .option('--by <name>', `who sits in front of it: named in what the keys send; ${BY_DEFAULT}`);
  return environmentCommand(
    command,
    async () => (await import('../actions/watch.js')).watch,
    ['golive watch prod', 'golive watch prod --by "Ana"'],
    [EXIT.ok, EXIT.usage, EXIT.noServer, EXIT.noGoLive, ...ENDING_EXITS],
  );
}
