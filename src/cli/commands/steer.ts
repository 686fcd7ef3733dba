import { Command } from 'commander';
import type { SteeringSignal } from '../../domain/people/steering.js';
import { environmentCommand } from '../options/environment-command.js';
import { withSaidBy } from '../options/said-by.js';
import { SIGNAL_EXITS } from '../exit/exit-codes.js';

export const pauseCommand = () =>
  steeringCommand(
    'pause',
    'holds a go-live before its next step',
    'Holds a go-live before its next step. Checks, breach clocks, running commands and a rollback go on.',
    'Ana looks at the payments queue first',
  );

export const resumeCommand = () =>
  steeringCommand(
    'resume',
    'lets a paused go-live go on',
    'Lets a paused go-live go on.',
    'the payments queue is empty',
  );

export const promoteCommand = () =>
  steeringCommand(
    'promote',
    'ends the soak that runs now early',
    'Ends the soak that runs now before its time. Never over a running breach clock or a blind check: then it has no effect.',
    'traffic is low, ten minutes will not tell more',
  );

/** The commands that only say who wants it and why. */
function steeringCommand(signal: SteeringSignal, summary: string, description: string, why: string): Command {
  const command = withSaidBy(new Command(signal).summary(summary).description(description), 'who');
  return environmentCommand(
    command,
    async () => (await import('../actions/steer.js')).steering(signal),
    [`golive ${signal} prod --by "Ana" --reason "${why}"`],
    SIGNAL_EXITS,
  );
}
