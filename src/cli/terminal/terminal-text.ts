import { escaped } from '../../domain/text/escaped.js';

export { escaped };

/**
 * Text from outside (payloads, output of commands) on one line of a terminal: control characters would move the cursor or rewrite what was said
 * before, and direction marks would reorder it, so they are shown as escapes instead (design §8).
 */
export function oneLine(text: string): string {
  return escaped(text.replace(/\s*[\r\n]+\s*/g, ' ').trim());
}

/** The same for text of several lines, such as a table: its line ends and nothing else are kept. */
export function severalLines(text: string): string {
  return text.split(/\r?\n/).map(escaped).join('\n');
}

/** The text, cut to a number of characters with an ellipsis. */
export function shortened(text: string, length: number): string {
  const characters = [...text];
  return characters.length > length ? `${characters.slice(0, Math.max(0, length - 1)).join('')}…` : text;
}
