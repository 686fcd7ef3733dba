import { answerCommands, pagingText, type OpenHold } from '../../domain/people/hold.js';
import { wrapped } from '../terminal/cells.js';
import type { Line } from '../terminal/line.js';
import { localTime } from '../terminal/local-time.js';
import { span } from '../terminal/moments.js';
import { oneLine } from '../terminal/terminal-text.js';
import { pasteable } from './pasteable.js';

/** What a screen shows of its questions, and how. */
interface Asked {
  readonly environment: string;
  readonly holds: readonly OpenHold[];
}

/**
 * The open questions, each with one command for each of its choices, in at most `rows` lines. Where they don't fit, first the reasons become one line,
 * then the latest questions do, and at last the latest are counted.
 */
export function questionLines(
  { environment, holds }: Asked,
  columns: number,
  rows: number,
  now: number,
  zone?: string,
): Line[] {
  const forms = holds.map((hold, index) => formsOf(environment, hold, index + 1, columns, now, zone));
  const total = (lines: readonly (readonly Line[])[]) => lines.reduce((sum, each) => sum + each.length, 0);
  const full = forms.map((form) => form.full);
  if (total(full) <= rows) return full.flat();
  const shown = forms.map((form) => form.compact);
  for (let last = forms.length - 1; total(shown) > rows && last >= 0; last -= 1)
    shown[last] = forms[last]?.oneLine ?? [];
  if (total(shown) <= rows) return shown.flat();
  const left = Math.max(0, rows - 1);
  return [...shown.flat().slice(0, left), [[`${holds.length - left} more questions: [d] answers them`, 'yellow']]];
}

interface Forms {
  readonly full: readonly Line[];
  readonly compact: readonly Line[];
  readonly oneLine: readonly Line[];
}

function formsOf(
  environment: string,
  hold: OpenHold,
  number: number,
  columns: number,
  now: number,
  zone?: string,
): Forms {
  const { id, choices, openedAt } = hold;
  const name: Line = [[`? ${number} ${oneLine(id)}`, 'bold', 'yellow'], ` open ${span(openedAt, now)}`];
  const paging = oneLine(pagingText(hold, (iso) => localTime(Date.parse(iso), now, zone)));
  const reason = oneLine(hold.reason);
  const commands = answerCommands(environment, hold).flatMap((command): Line[] =>
    (
      pasteable(command, columns - INDENT.length) ?? ['too long to be shown: golive status prints it, [d] answers it']
    ).map((line) => [INDENT, [line, 'cyan']]),
  );
  const head: Line = [...name, `: ${reason}`];
  return {
    full: [
      [...name, `, ${paging}`],
      ...wrapped(reason, columns - INDENT.length, 3).map((line) => [INDENT, line]),
      ...commands,
    ],
    compact: [head, ...commands],
    oneLine: [[...name, ` (${choices.join(' | ')}): ${reason}`]],
  };
}

const INDENT = '  ';
