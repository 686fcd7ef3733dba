import { loadedAction } from '../options/loaded-action.js';
import { Command } from 'commander';
import { BEGINNING_EXITS } from '../exit/exit-codes.js';
import { withExamples } from '../options/shared-options.js';
import { withBeginning, withStart } from '../options/start-options.js';

export function startCommand(): Command {
  const command = new Command('start')
    .summary('starts a go-live; --wait follows it')
    .description(
      'Starts the go-live of a release in an environment. One at a time: a second start is refused and changes nothing.',
    )
    .option(
      '--wait',
      'follows it to its end, with each thing that happens as a line, and ends with its outcome as exit code',
    )
    .option('--watch', 'the same on the screen of "golive watch", where the output is a terminal')
    .action(loadedAction(async () => (await import('../actions/start.js')).start));
  return withExamples(
    withBeginning(withStart(command)),
    [
      'golive start prod --release RC.3 --previous RC.2 --owner "Ana"',
      'golive start prod --release RC.3 --previous RC.2 --owner "Ana" --at 22:30',
      'golive start prod --release RC.3 --previous RC.2 --owner "Ana" --plan 3f9c2a71d0b4 \\\n      --attest stagingParity="compared, ticket 812" --attest restoreDrill="passed on 2 May" --wait',
    ],
    BEGINNING_EXITS,
  );
}
