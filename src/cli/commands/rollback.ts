import { loadedAction } from '../options/loaded-action.js';
import { Command } from 'commander';
import { BEGINNING_EXITS } from '../exit/exit-codes.js';
import { withSaidBy } from '../options/said-by.js';
import { withExamples } from '../options/shared-options.js';
import { withRelease } from '../options/start-options.js';

export function rollbackCommand(): Command {
  const command = new Command('rollback')
    .summary('takes back a release whose go-live has ended')
    .description(
      'Takes back a release whose go-live has ended, with the rollback and the proof of the playbook, as a run of its own. While a go-live is open, "golive abort" is the way.',
    )
    .option(
      '--manifest <path>',
      'the backup that may be restored after it, as backup_create printed it; left out, that of the go-live is looked for',
    )
    .option('--data-suspect', 'the data can be wrong: the incident leads are asked about a restore')
    .option(
      '--wait',
      'follows it to its end, with each thing that happens as a line, and ends with its outcome as exit code',
    )
    .action(loadedAction(async () => (await import('../actions/rollback.js')).rollback));
  return withExamples(
    withRelease(withSaidBy(command, 'who'), 'the release that is taken back', 'the release to go back to'),
    [
      'golive rollback prod --release RC.3 --previous RC.2 --owner "Ana" --reason "refunds fail since Monday" --by "Bo" --wait',
    ],
    BEGINNING_EXITS,
  );
}
