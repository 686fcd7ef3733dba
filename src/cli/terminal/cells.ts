import stringWidth from 'string-width';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const PLAIN = /^[ -~]*$/;

/** How many cells of a terminal a text takes: wide characters take two. */
export const cellsOf = (text: string): number => (PLAIN.test(text) ? text.length : stringWidth(text));

/** The text; one that takes more cells than that ends with `…` there. */
export function cut(text: string, cells: number): string {
  if (cellsOf(text) <= cells) return text;
  if (cells < 1) return '';
  let kept = '';
  let room = cells - 1;
  for (const { segment } of graphemes.segment(text)) {
    room -= cellsOf(segment);
    if (room < 0) break;
    kept += segment;
  }
  // Characters join with what comes before them, so together they may take another width than one by one.
  return cellsOf(kept) < cells ? `${kept}…` : cut(kept, cells);
}

/** The text in exactly that many cells: cut, or with spaces after it. */
export function padded(text: string, cells: number): string {
  const shown = cut(text, cells);
  return shown + ' '.repeat(Math.max(0, cells - cellsOf(shown)));
}

/** The text in at most so many lines of so many cells, broken at spaces; what is left over ends the last one with `…`. */
export function wrapped(text: string, cells: number, most: number): string[] {
  if (most <= 1 || cellsOf(text) <= cells) return [cut(text, cells)];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (cellsOf(longer) > cells) break;
    line = longer;
  }
  // A word that is longer than a line is cut with all that follows.
  if (line === '') return [cut(text, cells)];
  return [line, ...wrapped(text.slice(line.length).trimStart(), cells, most - 1)];
}
