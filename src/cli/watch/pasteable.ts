import { asCalledHere } from '../terminal/called.js';
import { cellsOf } from '../terminal/cells.js';
import { escaped } from '../terminal/terminal-text.js';

/** A word of a shell line, as a regular expression's source. */
export const WORD = /(?:'[^']*'|"[^"]*"|\\.|[^\s'"\\])+/.source;
/** A word, or an option with its value: these stay on one line. */
const WORDS = new RegExp(`--[\\w-]+ (?!--)${WORD}|${WORD}`, 'g');
const AGAIN = '  ';

/**
 * A command in lines of so many cells that a shell reads as one: all but the last end with a backslash. Undefined when that can't be: a word is too long, or
 * something in it would have to be shown in another way than it is.
 */
export function pasteable(typed: string, cells: number): string[] | undefined {
  const command = asCalledHere(typed);
  if (escaped(command) !== command) return undefined;
  if (cellsOf(command) <= cells) return [command];
  const lines = [''];
  for (const word of command.match(WORDS) ?? []) {
    const line = lines.at(-1) ?? '';
    const longer = line === '' || line === AGAIN ? `${line}${word}` : `${line} ${word}`;
    if (cellsOf(longer) <= cells - 2) lines[lines.length - 1] = longer;
    else if (cellsOf(`${AGAIN}${word}`) > cells - 2) return undefined;
    else lines.push(`${AGAIN}${word}`);
  }
  return lines.map((line, index) => (index === lines.length - 1 ? line : `${line} \\`));
}
