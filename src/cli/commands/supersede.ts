import { Command } from 'commander';
import { updateCommand } from '../messages/update-command.js';
import { withSaidBy } from '../options/said-by.js';

export function supersedeCommand(): Command {
  const command = new Command('supersede')
    .summary('ends hypercare for a hotfix, and nothing else')
    .description(
      'Ends the hypercare of the release that is live, because a hotfix goes live next. Nothing is rolled back, nothing is run. Afterwards the hotfix can be started.',
    )
    .requiredOption('--release <tag>', 'the hotfix');
  return updateCommand(
    withSaidBy(command, 'who decides'),
    { what: 'supersession', verb: 'supersede' },
    async () => (await import('../actions/supersede.js')).supersede,
    ['golive supersede prod --release RC.4 --by "Ana" --reason "totals are wrong"'],
  );
}
