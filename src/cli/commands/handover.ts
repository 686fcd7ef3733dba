import { Command } from 'commander';
import { updateCommand } from '../messages/update-command.js';
import { withSaidBy } from '../options/said-by.js';

export function handoverCommand(): Command {
  const command = new Command('handover')
    .summary('asks somebody to be the decision owner')
    .description(
      'Asks somebody to be the decision owner of a go-live from now on. They answer with "golive decide"; until they accept, the owner stays. Nothing waits for it.',
    )
    .requiredOption('--to <name>', 'who is to take over');
  return updateCommand(
    withSaidBy(command, 'who hands over'),
    { what: 'handover', verb: 'hand over' },
    async () => (await import('../actions/handover.js')).handover,
    ['golive handover prod --to "Bea" --by "Ana" --reason "end of shift"'],
  );
}
