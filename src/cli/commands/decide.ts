import { Command } from 'commander';
import { updateCommand } from '../messages/update-command.js';
import { BY_DEFAULT, withReason } from '../options/said-by.js';

export function decideCommand(): Command {
  const command = new Command('decide')
    .summary('answers an open hold')
    .description(
      'Answers an open hold. "golive status" shows the holds that are open, each with its choices and this very command.',
    )
    .option('--hold <id>', 'which hold; may be left out when only one is open')
    .option('--choice <choice>', 'one of the choices of the hold; left out: what is open is shown, with its choices')
    .option('--by <name>', `who decides; ${BY_DEFAULT}`);
  return updateCommand(
    withReason(command),
    { what: 'decision', verb: 'decide', answers: true },
    async () => (await import('../actions/decide.js')).decide,
    ['golive decide prod --hold soak-canary --choice extend --by "Ana" --reason "one slow node, already replaced"'],
  );
}
