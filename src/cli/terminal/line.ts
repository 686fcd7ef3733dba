import { cellsOf, cut } from './cells.js';
import type { Colour, Paint } from './paint.js';
import { escaped } from './terminal-text.js';

/** A piece of a line with its colours; plain text has none. */
export type Span = string | readonly [text: string, ...colours: Colour[]];

/** A line of a screen. Its text may come from anywhere: it is made safe when it is painted. */
export type Line = readonly Span[];

/** The line as it is written to a terminal, in at most so many cells. It is cut before it is painted, so no colour is cut off. */
export function painted(line: Line, columns: number, paint: Paint): string {
  const pieces = line.map(pieceOf);
  const spare = columns - pieces.reduce((cells, { text }) => cells + cellsOf(text), 0);
  let room = columns;
  let out = '';
  for (const { text, colours } of pieces) {
    const cells = cellsOf(text);
    // Where the whole doesn't fit, the piece that reaches the end makes room for the ellipsis.
    const over = spare < 0 && cells >= room;
    const shown = over ? cut(`${text}…`, room) : text;
    out += colours.reduce((done, colour) => paint(colour, done), shown);
    if (over) break;
    room -= cells;
  }
  return out;
}

/** Selectors of how a character looks change how wide it is, terminals don't agree to what, and no meaning is lost without them. */
const SELECTORS = /[\ufe00-\ufe0f]/g;

function pieceOf(span: Span): { text: string; colours: readonly Colour[] } {
  const [text, ...colours] = typeof span === 'string' ? [span] : span;
  return { text: escaped(text).replace(SELECTORS, ''), colours };
}
