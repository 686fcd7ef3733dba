import { Command } from 'commander';
import { answerCommands, answerersOf, type OpenHold } from '../../domain/people/hold.js';
import { decideUpdate } from '../../workflows/people/messages.js';
import { CliError } from '../exit/cli-error.js';
import { EXIT } from '../exit/exit-codes.js';
import { updateCommand, type OpenGoLive } from '../messages/update-command.js';
import type { EnvironmentOptions } from '../options/environment-command.js';
import { BY_DEFAULT, whoAnswers, withReason } from '../options/said-by.js';
import { oneLine } from '../terminal/terminal-text.js';

interface DecideOptions extends EnvironmentOptions {
  readonly by?: string;
  readonly reason: string;
  readonly hold?: string;
  readonly choice: string;
}

export function decideCommand(): Command {
  const command = new Command('decide')
    .summary('answers an open hold')
    .description(
      'Answers an open hold. "golive status" shows the holds that are open, each with its choices and this very command.',
    )
    .option('--hold <id>', 'which hold; may be left out when only one is open')
    .requiredOption('--choice <choice>', 'one of the choices of the hold')
    .option('--by <name>', `who decides; ${BY_DEFAULT}`);
  return updateCommand(withReason(command), { what: 'decision', verb: 'decide' }, decide, [
    'golive decide prod --hold soak-canary --choice extend --by "Ana" --reason "one slow node, already replaced"',
  ]);
}

async function decide(
  { environment, workflowId, status, terminal, send }: OpenGoLive,
  options: DecideOptions,
): Promise<object> {
  const { hold = onlyHold(environment, status.holds).id, choice, reason } = options;
  const open = status.holds.find(({ id }) => id === hold);
  const by = await whoAnswers(options.by, open && answerersOf(open, choice));
  const decision = { hold, choice, by, reason };
  terminal.print(`Decided ${oneLine(await send(decideUpdate, decision))}.`);
  return { workflowId, ...decision, accepted: true };
}

function onlyHold(environment: string, holds: readonly OpenHold[]): OpenHold {
  const [first, ...more] = holds;
  if (first && more.length === 0) return first;
  if (!first) throw new CliError(EXIT.refused, 'No hold is open, so there is nothing to decide.');
  throw new CliError(
    EXIT.refused,
    `${holds.length} holds are open: say which one with --hold.\n${holds
      .flatMap((hold) => answerCommands(environment, hold))
      .map((command) => `  ${oneLine(command)}`)
      .join('\n')}`,
  );
}
