import { maskedAddresses } from '../../../domain/plan/masked.js';
import type { Paint } from '../../terminal/paint.js';
import { cellsOf } from '../../terminal/cells.js';
import { oneLine } from '../../terminal/terminal-text.js';

/** A name and what there is to say of it, each text on a line of its own. */
export type Row = readonly [name: string, ...texts: string[]];

/** What belongs together under a title. A section without rows is left out. */
export interface PlanSection {
  readonly title: string;
  readonly rows: readonly Row[];
}

const NAME = 16;
const INDENT = 2;
/** A terminal narrower than this breaks the lines itself. */
const NARROWEST = 30;

/** The sections as lines of at most `columns` cells, broken at spaces. A word that is longer is left whole, so that it can be copied. */
export function sectionLines(sections: readonly PlanSection[], columns: number, paint: Paint): string[] {
  return sections.flatMap(({ title, rows }) =>
    rows.length === 0 ? [] : [paint('bold', title), ...rows.flatMap((row) => rowLines(row, columns))],
  );
}

function rowLines([name, ...texts]: Row, columns: number): string[] {
  const label = oneLine(name);
  const room = Math.max(NARROWEST, columns - INDENT - NAME - 1);
  const lines = texts.flatMap((text) => broken(maskedAddresses(oneLine(text)), room));
  // A long name has a line of its own.
  const rows = cellsOf(label) > NAME ? [['', ''], ...lines.map((line) => ['', line])] : lines.map((line) => ['', line]);
  return rows.map(([, line = ''], index) =>
    `${' '.repeat(INDENT)}${index === 0 ? label + ' '.repeat(Math.max(0, NAME - cellsOf(label))) : ' '.repeat(NAME)} ${line}`.trimEnd(),
  );
}

/** What continues a text is indented a little. */
function broken(text: string, cells: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && cellsOf(last) + 1 + cellsOf(word) <= cells) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(last === undefined ? word : `  ${word}`);
  }
  return lines;
}
