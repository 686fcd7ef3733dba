import type { Command } from 'commander';
import { CliError } from '../exit/cli-error.js';
import { EXIT } from '../exit/exit-codes.js';
import { ask, canAsk } from '../terminal/ask.js';
import { whoIsHere } from './who.js';

/** Who it is where `--by` is left out, for the help. */
export const BY_DEFAULT = "when left out: git's user.name, SUDO_USER or the login, never root";

/** Several commands were pasted at once: the next one is no answer. */
const COMMAND = /^(?:\S*\/|npx )?golive\s/;

/** Who sends it, and why. What is left out is known from git or the login, or asked for at the terminal. @param who `who decides` */
export const withSaidBy = (command: Command, who: string): Command => withReason(withBy(command, who));

/** `--by`, as git or the login knows it where it is left out. */
function withBy(command: Command, who: string): Command {
  return command
    .option('--by <name>', `${who}; it is recorded; ${BY_DEFAULT}`)
    .hook('preAction', (self) => fillIn(self, 'by', 'Who are you?', whoIsHere()));
}

/** `--owner`, who decides: whoever starts it where it is left out. */
export function withOwner(command: Command): Command {
  return command
    .option('--owner <name>', 'who decides; named in the announcements. When left out: you, as --by elsewhere')
    .hook('preAction', (self) => fillIn(self, 'owner', 'Who is the decision owner?', whoIsHere()));
}

/** `--reason`, asked for at the terminal where it is left out. */
export function withReason(command: Command): Command {
  return command
    .option('--reason <text>', 'why; it is recorded. Asked for when left out')
    .hook('preAction', (self) => (sendsNothing(self) ? undefined : fillIn(self, 'reason', 'Why?')));
}

/** `restore --text` prints what is to be signed, `decide` without a choice what there is to choose. */
const sendsNothing = (self: Command): boolean =>
  self.opts()['text'] === true || (self.name() === 'decide' && self.opts()['choice'] === undefined);

/** Asks for an option that was left out, or is blank, such as `--reason "$WHY"` without WHY. Throws a {@link CliError} where nobody can be asked, or nothing is said. */
export async function fillIn(command: Command, option: string, question: string, known?: string): Promise<void> {
  const given = command.getOptionValue(option) as string | undefined;
  if (given !== undefined && given.trim() !== '') return;
  const flag = command.options.find((each) => each.attributeName() === option)?.long ?? option;
  command.setOptionValueWithSource(option, known ?? (await askFor(flag, question)), 'default');
}

/** Asks until something is said. */
export async function askFor(option: string, question: string): Promise<string> {
  if (!canAsk()) throw new CliError(EXIT.usage, `${question} Say it with ${option}. Nothing was sent.`);
  for (;;) {
    const said = await ask(`${question} `);
    if (said === '') throw new CliError(EXIT.usage, `Nothing was said, so nothing was sent. Say it with ${option}.`);
    if (!COMMAND.test(said)) return said;
    process.stderr.write('That is a command, and was not run.\n');
  }
}

/** Who answers a hold: who is said, else who is here. Where only some may, and who is here is none of them, they are asked for. */
export async function whoAnswers(said: string | undefined, asked: readonly string[] | undefined): Promise<string> {
  if (said !== undefined) return said;
  const here = whoIsHere();
  if (here !== undefined && (asked === undefined || asked.includes(here))) return here;
  return await askFor('--by', asked ? `Who are you? Only ${asked.join(' or ')} may answer.` : 'Who are you?');
}
