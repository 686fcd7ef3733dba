import { answerCommands, answeredText, answerersOf, type OpenHold } from '../../domain/people/hold.js';
import { decideUpdate } from '../../workflows/people/messages.js';
import { CliError } from '../exit/cli-error.js';
import { EXIT, type ExitCode } from '../exit/exit-codes.js';
import type { OpenGoLive } from '../messages/update-open.js';
import type { EnvironmentOptions } from '../options/environment-command.js';
import { whoAnswers } from '../options/said-by.js';
import { oneLine } from '../terminal/terminal-text.js';

interface DecideOptions extends EnvironmentOptions {
  readonly by?: string;
  readonly reason: string;
  readonly hold?: string;
  readonly choice?: string;
}

export async function decide(
  { environment, workflowId, status, terminal, send }: OpenGoLive,
  options: DecideOptions,
): Promise<object> {
  const { hold: named, choice, reason } = options;
  if (choice === undefined)
    throw whatIsOpen(
      EXIT.usage,
      'Say what you choose with --choice.',
      environment,
      status,
      (hold) => hold.id === named,
    );
  const hold = named ?? onlyHold(environment, status).id;
  const open = status.holds.find(({ id }) => id === hold);
  const by = await whoAnswers(options.by, open && answerersOf(open, choice));
  const decision = { hold, choice, by, reason };
  terminal.print(`Decided ${oneLine(await send(decideUpdate, decision))}.`);
  return { workflowId, ...decision, accepted: true };
}

function onlyHold(environment: string, status: OpenGoLive['status']): OpenHold {
  const [first, ...more] = status.holds;
  if (first && more.length === 0) return first;
  throw whatIsOpen(
    EXIT.refused,
    `${status.holds.length} holds are open: say which one with --hold.`,
    environment,
    status,
  );
}

/**
 * What can be answered, with the commands that do; where nothing is open, that, and what was answered last.
 * @param which of them, where one was named that is open
 */
function whatIsOpen(
  exitCode: ExitCode,
  what: string,
  environment: string,
  { holds, answered = [] }: OpenGoLive['status'],
  which: (hold: OpenHold) => boolean = () => false,
): CliError {
  const last = answered.at(-1);
  if (holds.length === 0)
    return new CliError(
      EXIT.refused,
      `No hold is open, so there is nothing to decide.${last ? ` The last answer: ${oneLine(answeredText(last))}.` : ''}`,
    );
  const shown = holds.some(which) ? holds.filter(which) : holds;
  const lines = shown.flatMap((hold) => [
    `  ${oneLine(hold.id)}: ${oneLine(hold.reason)}`,
    ...answerCommands(environment, hold).map((command) => `    ${oneLine(command)}`),
  ]);
  return new CliError(exitCode, [what, ...lines].join('\n'));
}
