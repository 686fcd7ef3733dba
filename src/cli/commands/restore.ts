import { Command } from 'commander';
import type { RestoreOptions } from '../actions/restore.js';
import { CliError } from '../exit/cli-error.js';
import { EXIT } from '../exit/exit-codes.js';
import { updateCommand } from '../messages/update-command.js';
import { BY_DEFAULT, withReason } from '../options/said-by.js';

export function restoreCommand(): Command {
  const command = new Command('restore')
    .summary('approves or declines the data restore that a rollback proposes')
    .description(
      'Answers the question of a rollback whether data are restored from the backup, as an incident lead. "golive status" shows the question with what would be lost.',
    )
    .option('--approve', 'run the restore drill, then the restore of the playbook file, then prove everything again')
    .option('--decline', 'restore nothing')
    .option('--text', 'print the exact text that an approval has to sign, and change nothing')
    .option('--by <lead>', `who answers: one of the playbook file's incident leads; ${BY_DEFAULT}`)
    .option('--key <file>', 'signs the approval with this SSH key')
    .option('--signature <file>', 'the signature of the text, made elsewhere with ssh-keygen -Y sign -n golive-restore')
    .option(
      '--expires <time>',
      'the approval counts only until then, such as 2026-03-01T14:30:00Z; the end of the question when left out',
    )
    .hook('preAction', (self) => check(self.opts<RestoreOptions>()));
  return updateCommand(
    withReason(command),
    { what: 'answer', verb: 'answer', answers: true },
    async () => (await import('../actions/restore.js')).restore,
    [
      'golive restore prod --approve --by "Lea Moreau" --reason "orders are corrupt since 14:02" --key ~/.ssh/id_ed25519',
      'golive restore prod --decline --by "Lea Moreau" --reason "the data are fine"',
      'golive restore prod --text --by "Lea Moreau" | ssh-keygen -Y sign -f ~/.ssh/id_ed25519 -n golive-restore > approval.sig\n  golive restore prod --approve --by "Lea Moreau" --reason "orders are corrupt" --signature approval.sig',
    ],
  );
}

function check({ approve, decline, text, key, signature }: RestoreOptions): void {
  if ([approve, decline, text].filter(Boolean).length !== 1)
    throw new CliError(EXIT.usage, 'Say one of --approve, --decline and --text.');
  if (key !== undefined && signature !== undefined)
    throw new CliError(EXIT.usage, 'Say either --key, to sign now, or --signature, what was signed before.');
}
