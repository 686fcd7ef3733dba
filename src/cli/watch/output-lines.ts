import type { Line } from '../terminal/line.js';
import type { Page } from './page.js';

/** What a command has printed, in at most so many rows: which command and from whom, then the last lines, over the whole width. */
export function outputLines({ title, lines, from }: Page & { kind: 'output' }, rows: number): Line[] {
  const room = Math.max(0, rows - 1);
  const end = Math.max(Math.min(room, lines.length), lines.length - from);
  const newer = lines.length - end;
  const shown = lines.slice(Math.max(0, end - room), end);
  // First how much is below, for the title may be longer than the line.
  const above: Line = [...(newer > 0 ? [[`${newer} lines below. `, 'dim'] as const] : []), [title, 'bold']];
  return [above, ...shown.map((line): Line => [line])].slice(0, Math.max(0, rows));
}
