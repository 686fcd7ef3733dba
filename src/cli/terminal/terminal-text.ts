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

const UNSAFE = /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/gu;

function escaped(text: string): string {
  return text.replace(/\t/g, '    ').replace(UNSAFE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** The text, cut to a number of characters with an ellipsis. */
export function shortened(text: string, length: number): string {
  const characters = [...text];
  return characters.length > length ? `${characters.slice(0, Math.max(0, length - 1)).join('')}…` : text;
}
