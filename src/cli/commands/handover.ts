import { Command } from 'commander';
import type { SaidBy } from '../../domain/people/said-by.js';
import { handOverUpdate } from '../../workflows/people/messages.js';
import { updateCommand, type OpenGoLive } from '../messages/update-command.js';
import type { EnvironmentOptions } from '../options/environment-command.js';
import { withSaidBy } from '../options/said-by.js';
import { severalLines } from '../terminal/terminal-text.js';

interface HandoverOptions extends EnvironmentOptions, SaidBy {
  readonly to: string;
}

export function handoverCommand(): Command {
  const command = new Command('handover')
    .summary('asks somebody to be the decision owner')
    .description(
      'Asks somebody to be the decision owner of a go-live from now on. They answer with "golive decide"; until they accept, the owner stays. Nothing waits for it.',
    )
    .requiredOption('--to <name>', 'who is to take over');
  return updateCommand(withSaidBy(command, 'who hands over'), { what: 'handover', verb: 'hand over' }, handover, [
    'golive handover prod --to "Bea" --by "Ana" --reason "end of shift"',
  ]);
}

async function handover({ terminal, send }: OpenGoLive, { to, by, reason }: HandoverOptions): Promise<object> {
  const answer = await send(handOverUpdate, { to, by, reason });
  terminal.print(severalLines(answer));
  return { to, by, reason, asked: true, next: answer };
}
