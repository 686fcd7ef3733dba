import { CommanderError } from 'commander';
import { WORD } from '../../src/cli/watch/pasteable.js';
import { SUBCOMMANDS } from '../../src/domain/text/as-called.js';
import { golive } from '../../src/cli/golive.js';
import { CliError } from '../../src/cli/exit/cli-error.js';

/** What golive asks for at a terminal: a command may leave it out. */
const ASKED_FOR = /Say it with --(?:by|owner|reason|freeze-reason)\. Nothing was sent\.$/;
const COMMAND = new RegExp(`^\\s*(?:npx )?(golive (?:${SUBCOMMANDS.join('|')})(?: .*)?)$`);
const WORDS = new RegExp(WORD, 'g');

/** The commands of golive that stand on lines of their own in a text, as they would be pasted. A line that ends with a backslash goes on in the next one. */
export function printedCommands(text: string): string[] {
  return text
    .replace(/ *\\\n */g, ' ')
    .split('\n')
    .flatMap((line) => COMMAND.exec(line)?.[1] ?? [])
    .map(upToItsEnd);
}

const OFFERED = new RegExp(`(?:^\\s*|: |\`)((?:golive (?:${SUBCOMMANDS.join('|')})|temporal workflow) [^\`]*)(?:\`|$)`);

/** The commands that a text gives to be pasted: on a line of its own, at the end of a sentence, or as code; golive's and those of the Temporal CLI. No sentences that begin with one. */
export const offeredCommands = (text: string): string[] =>
  text
    .replace(/ *\\\n */g, ' ')
    .split('\n')
    .flatMap((line) => OFFERED.exec(line)?.[1] ?? [])
    .filter((command) => !command.endsWith('.'))
    .map(upToItsEnd);

/** Without a comment, and without what a pipe or a file gets of it. */
function upToItsEnd(command: string): string {
  const words = command.match(WORDS) ?? [];
  const end = words.findIndex((word) => /^(?:#|\||&&|;|>)/.test(word));
  return (end < 0 ? words : words.slice(0, end)).join(' ');
}

/** Why golive would not take a command as it stands, undefined when it would. Nothing is done. */
export async function refusalOf(command: string): Promise<string | undefined> {
  const [, ...words] = command.match(WORDS) ?? [];
  const program = golive(true, 'golive');
  for (const each of program.commands) each.action(() => undefined);
  try {
    await program.parseAsync(words.map(unquoted), { from: 'user' });
    return undefined;
  } catch (error) {
    if (error instanceof CliError && ASKED_FOR.test(error.message)) return undefined;
    if (error instanceof CliError || error instanceof CommanderError) return `${command}: ${error.message}`;
    throw error;
  }
}

const unquoted = (word: string): string =>
  word.replace(
    /'([^']*)'|"([^"]*)"|\\(.)/g,
    (_, single?: string, double?: string, escaped?: string) => single ?? double ?? escaped ?? '',
  );

/** What is wrong with the commands in a text, one line each. */
export async function wrongCommands(text: string): Promise<string[]> {
  const refused = [];
  for (const command of printedCommands(text)) refused.push(await refusalOf(command));
  return refused.filter((why) => why !== undefined);
}
