import { oneLine, shortened } from '../terminal/terminal-text.js';

/** Of the last column, in characters. */
const LONGEST = 150;

/** Columns of equal width, the last one cut; what comes before the last one is coloured. */
export function rows(
  table: readonly (readonly string[])[],
  colour: (cells: string, row: readonly string[]) => string,
): string[] {
  const safe = table.map((row) =>
    row.map((cell, index) => (index === row.length - 1 ? shortened(oneLine(cell), LONGEST) : oneLine(cell))),
  );
  const widths = (safe[0] ?? []).map((_, column) => Math.max(...safe.map((row) => [...(row[column] ?? '')].length)));
  return safe.map((row) => {
    const cells = row.slice(0, -1).map((cell, column) => cell.padEnd(widths[column] ?? 0));
    return `${colour(cells.join('  '), row)}  ${row.at(-1) ?? ''}`.trimEnd();
  });
}
