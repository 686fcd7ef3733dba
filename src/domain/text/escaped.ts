/** Also what can't be seen, and halves of characters: nobody can say how wide a terminal shows them. Selectors of how a character looks are left. */
const UNSAFE = /(?![\ufe00-\ufe0f])[\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}\u061c\u2028-\u202e\ufeff]/gu;

/** The text with nothing in it that a terminal obeys, or that reorders what stands around it; tabs are spaces, line ends are escaped too. */
export function escaped(text: string): string {
  return text.replace(/\t/g, '    ').replace(UNSAFE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    const hex = code.toString(16);
    return code < 0x100 ? `\\x${hex.padStart(2, '0')}` : code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`;
  });
}
