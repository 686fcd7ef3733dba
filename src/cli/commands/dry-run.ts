import { loadedAction } from '../options/loaded-action.js';
import { Command } from 'commander';
import { EXIT } from '../exit/exit-codes.js';
import { withExamples } from '../options/shared-options.js';
import { withStart } from '../options/start-options.js';

export function dryRunCommand(): Command {
  const command = new Command('dry-run')
    .summary('rehearses one: shows every step with its arguments')
    .description(
      "Rehearses a go-live: shows every step with its arguments as a worker would run them. Executes nothing but the checklist's own --dry-run.",
    )
    .action(loadedAction(async () => (await import('../actions/dry-run.js')).dryRun));
  return withExamples(
    withStart(command),
    ['golive dry-run prod --release RC.3 --previous RC.2 --owner "Ana"'],
    [EXIT.ok, EXIT.usage, EXIT.noServer, EXIT.refused, EXIT.rejected, EXIT.aborted, EXIT.noOutcome, EXIT.interrupted],
  );
}
