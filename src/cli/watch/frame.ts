import { adviceLine, missingLines, workLines } from '../screens/standstill.js';
import { buildLine } from '../screens/build-line.js';
import { criterionRows } from '../screens/hypercare-lines.js';
import { restoreText } from '../../domain/rollback/restore-status.js';
import type { RunView } from '../run/run-view.js';
import { wrapped } from '../terminal/cells.js';
import { painted, type Line } from '../terminal/line.js';
import { plainPaint, type Paint } from '../terminal/paint.js';
import { oneLine } from '../terminal/terminal-text.js';
import { breachLines } from './breach-lines.js';
import { checkSection } from './check-lines.js';
import { endedSection, runningSection } from './command-lines.js';
import { eventSection } from './event-lines.js';
import { findingSection } from './finding-lines.js';
import { headerLine } from './header-line.js';
import { keySection } from './key-lines.js';
import { outputLines } from './output-lines.js';
import type { Page } from './page.js';
import { layout, sectionCells, type Section } from './layout.js';
import { questionLines } from './question-lines.js';
import { stageSection } from './stage-lines.js';
import { urgentLines } from './urgent-lines.js';
import type { Watched } from './watched.js';

/** The terminal it is for, and what the person at it is doing. */
export interface Screen {
  readonly columns: number;
  readonly rows: number;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly paint: Paint;
  /** Where the terminal is; by the system's own setting when left out. */
  readonly zone?: string;
  /** The last lines: what was answered to a key, the keys there are or what is being typed. */
  readonly bottom: readonly Line[];
  /** What is shown instead of how it stands. */
  readonly page?: Page;
}

const MOST_CLOCKS = 3;
/** How many rows what doesn't give way leaves to the sections at least. */
const SECTIONS = 1;

/** The screen of who watches: exactly as many lines as there are rows, none wider than the columns. What doesn't fit is counted; the top is always there. */
export function frame(watched: Watched, screen: Screen): string[] {
  const { columns, rows, now, zone, paint, bottom, page } = screen;
  const { view } = watched;
  const top = [
    headerLine(watched, columns, now, zone),
    ...urgentLines(watched, columns, now, zone),
    ...breachLines(watched, columns, now, MOST_CLOCKS, zone),
  ];
  const sections =
    page?.kind === 'keys' ? [keySection()] : view && page?.kind !== 'output' ? sectionsOf(watched, view, screen) : [];
  const room = rows - top.length - bottom.length - (sections.length > 0 ? SECTIONS : 0);
  // Who reads what has happened sees that there are questions, and which.
  const forQuestions = page ? Math.min(room, MOST_CLOCKS) : room;
  const holds = view?.status?.outcome === undefined && view?.running ? (view.status?.holds ?? []) : [];
  const questions =
    holds.length === 0
      ? []
      : questionLines({ environment: watched.environment, holds }, columns, Math.max(1, forQuestions), now, zone);
  const above = [...top, ...questions];
  const output = page?.kind === 'output' ? outputLines(page, rows - above.length - bottom.length) : [];
  return layout([...above, ...output], sections, bottom, { rows, columns })
    .slice(0, rows)
    .map((line) => painted(line, columns, paint));
}

/** In the order in which they get their rows, which is the one they are shown in. */
function sectionsOf({ history, silence }: Watched, view: RunView, { columns, now, zone, page }: Screen): Section[] {
  const { status, result } = view;
  const timeline = result?.timeline ?? view.timeline ?? [];
  if (page?.kind === 'timeline') return [eventSection(timeline, page.from)];
  const proof = status?.proof ?? result?.proof ?? [];
  const restore = status?.restore ?? result?.restore;
  const isOver = !view.running || status?.outcome !== undefined;
  return [
    ...(silence?.of === 'worker' && view.running ? [linesSection('Worker', silentLines(view, now), columns)] : []),
    ...(silence ? [] : [linesSection('Waits for', workLines(view, now, plainPaint).slice(2), columns)]),
    ...(isOver ? [] : [runningSection(view, now, zone)]),
    findingSection('Proof', proof, true),
    ...(restore ? [linesSection('Restore', [oneLine(restoreText(restore))], columns)] : []),
    ...(status ? [stageSection(status, now, zone)] : []),
    findingSection('Preflight', status?.preflight ?? result?.preflight ?? [], status?.phase === 'preflight'),
    findingSection('Verification', status?.verification ?? result?.verification ?? [], status?.phase === 'verifying'),
    // The last readings of a run that is over say nothing of now.
    ...(status && !isOver ? [checkSection(status.watching, history, columns, now)] : []),
    ...(status && !isOver ? [criteriaSection(status)] : []),
    ...(isOver ? [] : [endedSection(view)]),
    eventSection(timeline),
    ...(status ? [channelSection(status)] : []),
  ];
}

/** What `golive status` says of a run that no worker answers for, below that nobody does. */
function silentLines(view: RunView, now: number): string[] {
  const build = view.build && buildLine(view.build, true, now);
  return [
    ...(view.fault ? [] : [adviceLine(view, now, plainPaint), 'Commands that run go on under their supervisors.']),
    ...(build === undefined ? [] : [build]),
    ...missingLines(view, now),
  ];
}

/** Sentences that may be longer than a line. */
function linesSection(label: string, texts: readonly string[], columns: number): Section {
  const lines = texts.flatMap((text) => wrapped(text.trim(), sectionCells(columns), 2)).map((line): Line => [line]);
  return {
    label,
    lines,
    rest: (shown) => `${lines.length - shown} ${shown === 0 ? 'lines' : 'more lines'}`,
    least: 2,
    good: 5,
  };
}

function criteriaSection(status: NonNullable<RunView['status']>): Section {
  const rows = criterionRows(status);
  const lines = rows.map(([state = '', name = '', detail = '']): Line => [
    [state, state === 'met' ? 'green' : 'yellow'],
    ` ${oneLine(name)}: ${oneLine(detail)}`,
  ]);
  return {
    label: 'Criteria',
    lines,
    rest: (shown) => `${lines.length - shown} ${shown === 0 ? '' : 'more'}`.trim(),
    least: 1,
    good: 4,
  };
}

/** The channels that don't take what people are told. */
function channelSection({ channels }: NonNullable<RunView['status']>): Section {
  const lines = channels.flatMap(({ state, name, kind, why }): Line[] =>
    state === 'down' ? [[['DOWN', 'red'], ` ${oneLine(name)} (${kind}): ${oneLine(why ?? '')}`]] : [],
  );
  return { label: 'Channels', lines, rest: (shown) => `${lines.length - shown} down`, least: 1, good: 2 };
}
