import { Command } from 'commander';
import { environmentCommand } from '../options/environment-command.js';
import { EXIT } from '../exit/exit-codes.js';
import { BY_DEFAULT } from '../options/said-by.js';

export function abortCommand(): Command {
  const command = new Command('abort')
    .summary('stops a go-live now; rolls back what was deployed')
    .description(
      'Stops a go-live now: rolls back if anything was deployed, else ends it. Can be said twice; works without a worker, too: the server then keeps it.',
    )
    .option('--reason <text>', 'why; it is announced. When left out it is asked for after the abort was sent')
    .option('--by <name>', `who; ${BY_DEFAULT}`)
    .option('--data-suspect', 'the data can be wrong: the incident leads are asked about a restore after the rollback')
    .option('--dry-run', "the environment's rehearsal instead of its go-live");
  return environmentCommand(
    command,
    async () => (await import('../actions/abort.js')).abort,
    ['golive abort prod --reason "checkout fails" --by "Ana"'],
    [EXIT.ok, EXIT.noServer, EXIT.refused, EXIT.noGoLive, EXIT.noWorker],
  );
}
