import type { GoLiveStatus } from '../../domain/run/status.js';
import type { CheckStatus } from '../../domain/watching/check-status.js';
import { cellsOf, padded } from '../terminal/cells.js';
import type { Line } from '../terminal/line.js';
import type { Colour } from '../terminal/paint.js';
import { oneLine } from '../terminal/terminal-text.js';
import { sectionCells, type Section } from './layout.js';
import { sparkline } from './sparkline.js';
import { historyKey, type ValueHistory } from './value-history.js';

type Watching = GoLiveStatus['watching'];

/** What needs eyes first. */
const ORDER: readonly CheckStatus['standing'][] = ['failing', 'blind', 'not looked at', 'clean', 'idle'];
const WORD = { clean: 'ok', idle: 'idle', blind: 'blind', 'not looked at': '?', failing: 'FAIL' } as const;
const COLOUR: Readonly<Record<CheckStatus['standing'], Colour>> = {
  clean: 'green',
  idle: 'dim',
  blind: 'yellow',
  'not looked at': 'dim',
  failing: 'red',
};

const STATE = 5;
/** The spaces between columns, and a little for how often a check has failed. */
const AROUND = 9;

/** Each check with its last reading, its guardrail and its last minutes, what isn't well first. */
export function checkSection(watching: Watching, history: ValueHistory, columns: number, now: number): Section {
  const sorted = [...watching].sort((one, other) => urgency(one) - urgency(other));
  const cells = sectionCells(columns);
  const bars = columns >= 130 ? 40 : columns >= 100 ? 24 : 12;
  const names = sorted.map(({ check, target }) => oneLine(`${check} at ${target}`));
  const name = columnWidth(names, Math.floor(cells * 0.36));
  const guard = columnWidth(
    sorted.map(({ guardrail = '' }) => guardrail),
    12,
  );
  const last = columnWidth(
    sorted.map((each) => oneLine(each.last ?? '-')),
    Math.max(12, cells - STATE - name - guard - bars - AROUND),
  );
  const lines = sorted.map((each, index): Line => [
    [padded(WORD[each.standing], STATE), COLOUR[each.standing]],
    ' ',
    [padded(names[index] ?? '', name), COLOUR[each.standing] === 'red' ? 'red' : 'bold'],
    ` ${padded(oneLine(each.last ?? '-'), last)}`,
    ...(guard === 0 ? [] : [[` ${padded(each.guardrail ?? '', guard)}`, 'dim'] as const]),
    [` ${sparkline(history.get(historyKey(each)) ?? [], now, bars)}`, 'cyan'],
    ` ${further(each)}`,
  ]);
  return { label: 'Checks', lines, rest: (shown) => rest(sorted, shown), least: 2, good: 6 };
}

const urgency = (each: CheckStatus): number =>
  each.triggers.some(({ running, action }) => running !== undefined && action !== 'note')
    ? -1
    : ORDER.indexOf(each.standing);

const columnWidth = (texts: readonly string[], most: number): number =>
  Math.min(most, Math.max(0, ...texts.map(cellsOf)));

/** How far its triggers are that count readings; those that count time have lines of their own above. */
function further({ triggers, standing, failures }: CheckStatus): string {
  const running = triggers.flatMap(({ name, running, clock }) =>
    running === undefined || clock ? [] : [`${oneLine(name)}: ${running}`],
  );
  return running.join('; ') || (standing === 'failing' ? `${failures}×` : '');
}

function rest(sorted: readonly CheckStatus[], shown: number): string {
  const hidden = sorted.slice(shown);
  const words = { failing: 'failing', blind: 'blind', 'not looked at': 'not looked at yet' } as const;
  const bad = Object.entries(words).flatMap(([standing, word]) => {
    const count = hidden.filter((each) => each.standing === standing).length;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  const ok = hidden.filter(({ standing }) => standing === 'clean' || standing === 'idle').length;
  const many = shown === 0 ? `${hidden.length}` : `${hidden.length} more`;
  return bad.length === 0 ? `${many}, all ok` : `${many}: ${[...bad, `${ok} ok`].join(', ')}`;
}
