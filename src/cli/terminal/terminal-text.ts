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

/** Also what can't be seen, and halves of characters: nobody can say how wide a terminal shows them. Selectors of how a character looks are left. */
const UNSAFE = /(?![\ufe00-\ufe0f])[\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}\u061c\u2028-\u202e\ufeff]/gu;

/** The text with nothing in it that a terminal obeys. */
export function escaped(text: string): string {
  return text.replace(/\t/g, '    ').replace(UNSAFE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    const hex = code.toString(16);
    return code < 0x100 ? `\\x${hex.padStart(2, '0')}` : code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`;
  });
}

/** The text, cut to a number of characters with an ellipsis. */
export function shortened(text: string, length: number): string {
  const characters = [...text];
  return characters.length > length ? `${characters.slice(0, Math.max(0, length - 1)).join('')}…` : text;
}
