import { Command } from 'commander';
import { ENDING_EXITS, EXIT } from '../exit/exit-codes.js';
import { environmentCommand } from '../options/environment-command.js';

export function followCommand(): Command {
  const command = new Command('follow')
    .summary('what happens from now on, line by line')
    .description(
      'Prints each thing that happens in an environment\'s go-live from now on as a line, until it ends, and ends with its outcome as exit code, as "start --wait" does. Where none is open it waits for the next one to start. Ctrl-C leaves it; the go-live goes on.',
    )
    .option('--dry-run', "the environment's rehearsal instead of its go-live");
  return environmentCommand(
    command,
    async () => (await import('../actions/follow.js')).follow,
    ['golive follow prod', 'golive follow prod && notify-send "prod is live"'],
    [EXIT.ok, EXIT.usage, EXIT.noServer, EXIT.noGoLive, ...ENDING_EXITS],
  );
}
