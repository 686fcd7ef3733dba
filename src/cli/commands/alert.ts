import { Command, InvalidArgumentError, Option } from 'commander';
import { readMoment } from '../../domain/time/moment.js';
import { SIGNAL_EXITS } from '../exit/exit-codes.js';
import { environmentCommand } from '../options/environment-command.js';

export function alertCommand(): Command {
  const command = new Command('alert')
    .summary('tells a go-live that an external trigger fires')
    .description(
      'Tells a go-live that one of its external triggers fires, or fires no more. "golive receive" does the same for Alertmanager and Grafana.',
    )
    .requiredOption('--trigger <name>', 'an external trigger of the playbook file')
    .addOption(
      new Option('--state <state>', 'the state of the alert; unknown: its monitoring gives no answer')
        .choices(['firing', 'resolved', 'unknown'])
        .makeOptionMandatory(),
    )
    .option('--since <time>', 'since when, such as 2026-03-01T02:00:00Z; now when left out', momentArgument)
    .option('--value <text>', 'what was measured; it is shown')
    .option('--source <name>', 'who says so: what one source has told, only that source resolves', 'cli');
  return environmentCommand(
    command,
    async () => (await import('../actions/alert.js')).alert,
    [
      'golive alert prod --trigger p1-alert --state firing --value "checkout at 91 %"',
      'golive alert prod --trigger p1-alert --state resolved',
    ],
    SIGNAL_EXITS,
  );
}

function momentArgument(text: string): number {
  const at = readMoment(text);
  if (at !== undefined) return at;
  throw new InvalidArgumentError(
    'Write a time with its zone, such as 2026-03-01T02:00:00Z or 2026-03-01T03:00:00+01:00.',
  );
}
