import { padded, wrapped } from '../terminal/cells.js';
import type { Line } from '../terminal/line.js';

/** A part of the screen that gives way when there is not room for all of it. */
export interface Section {
  readonly label: string;
  readonly lines: readonly Line[];
  /** What is left out, counted, when only so many lines of it are shown: `14 more, all ok`. */
  readonly rest: (shown: number) => string;
  /** So many lines it gets before any other gets more, and before any other gets all of its own. */
  readonly least: number;
  readonly good: number;
}

const LABEL = 11;
const BLANK: Line = [];

/** So many cells a section leaves to its lines. */
export const sectionCells = (columns: number): number => columns - LABEL;

/**
 * Exactly `rows` lines, if `top` and `bottom` leave room: what is above and below stays whole, the sections share the rest, the earlier ones first.
 * What doesn't fit is counted where it would be, or in one line at the end.
 */
export function layout(
  top: readonly Line[],
  sections: readonly Section[],
  bottom: readonly Line[],
  { rows, columns }: { readonly rows: number; readonly columns: number },
): Line[] {
  const shown = sections.filter(({ lines }) => lines.length > 0);
  const room = Math.max(0, rows - top.length - bottom.length);
  const middle = middleOf(shown, room, columns);
  const gap = Math.max(0, room - middle.length);
  return [...top, ...middle, ...Array<Line>(gap).fill(BLANK), ...bottom];
}

function middleOf(sections: readonly Section[], room: number, columns: number): Line[] {
  const all = sections.reduce((sum, { lines }) => sum + lines.length, 0);
  if (all + sections.length <= room) return sections.flatMap((each) => [BLANK, ...linesOf(each, each.lines.length)]);
  const given = (rows: number) => {
    const taken = shares(sections, rows);
    const hidden = sections.filter((_, index) => taken[index] === 0);
    return { lines: sections.flatMap((each, index) => linesOf(each, taken[index] ?? 0)), hidden };
  };
  const { lines, hidden } = given(room);
  if (hidden.length === 0) return lines;
  // What is left out may take one line to be counted, or two.
  for (const rows of [1, 2]) {
    const rest = given(Math.max(0, room - rows));
    const counted = wrapped(`Not shown: ${rest.hidden.map(told).join(', ')}`, columns, Math.min(rows, room));
    if (rows === 2 || room < 2 || !counted.at(-1)?.endsWith('…'))
      return [...rest.lines, ...(room === 0 ? [] : counted.map((line): Line => [[line, 'dim']]))];
  }
  return lines;
}

const told = ({ label, rest }: Section): string => `${label.toLowerCase()} (${rest(0)})`;

/** How many rows each section gets. */
function shares(sections: readonly Section[], room: number): number[] {
  const taken = sections.map(() => 0);
  let left = room;
  for (const wanted of ['least', 'good', 'all'] as const) {
    for (const [index, section] of sections.entries()) {
      const length = section.lines.length;
      const want = wanted === 'all' ? length : Math.min(length, section[wanted]);
      const more = Math.min(left, Math.max(0, want - (taken[index] ?? 0)));
      taken[index] = (taken[index] ?? 0) + more;
      left -= more;
    }
  }
  return taken;
}

function linesOf({ label, lines, rest }: Section, rows: number): Line[] {
  if (rows === 0) return [];
  const shown: Line[] = rows >= lines.length ? [...lines] : [...lines.slice(0, rows - 1), [[rest(rows - 1), 'dim']]];
  return shown.map((line, index) => [[padded(index === 0 ? label : '', LABEL), 'bold'], ...line]);
}
