import { cellsOf, cut } from '../terminal/cells.js';
import type { Line, Span } from '../terminal/line.js';
import { localTime } from '../terminal/local-time.js';
import { ago, span } from '../terminal/moments.js';
import { oneLine } from '../terminal/terminal-text.js';
import { knownFacts } from '../run/known-facts.js';
import { PHASE_COLOUR } from '../screens/phase-colour.js';
import { iso } from '../../domain/time/iso.js';
import type { Watched } from './watched.js';

/** Names that are shorter than this tell nothing any more: rather something else is left out. */
const SHORTEST_NAME = 8;

/** Environment, release ← previous, phase and since when, whose decision, the clock, and how old all of it is: in one line, whatever the names are. */
export function headerLine(
  { environment, view, seenAt, none }: Watched,
  columns: number,
  now: number,
  zone?: string,
): Line {
  const { release, previous, owner, where, since }: Partial<ReturnType<typeof knownFacts>> = view
    ? knownFacts(view)
    : {};
  const state = oneLine(where ?? (none ? 'not started' : 'unknown')).toUpperCase();
  const colour = PHASE_COLOUR[where ?? ''] ?? 'cyan';
  const began = view?.status?.beganAt ?? view?.startedAt;
  const clocks = localTime(now, now, zone);
  const facts = (names: Names, { all, old, decides, utc }: Shape): Span[] => [
    [names(environment), 'bold'],
    ...(release === undefined ? [] : [' ', [names(oneLine(release)), 'bold'] as const]),
    ...(previous === undefined ? [] : [` ← ${names(oneLine(previous))}`]),
    '  ',
    [state, 'bold', colour],
    ...(since === undefined ? [] : [` ${view?.running === false ? ago(since, now) : span(since, now)}`]),
    ...(all && began !== undefined && view?.running ? [`, ${span(began, now)} in all`] : []),
    ...(owner === undefined ? [] : [`  ${names(oneLine(owner))}${decides ? ' decides' : ''}`]),
    `  ${utc ? clocks : (clocks.split(' ')[0] ?? '')}`,
    ...(seenAt === undefined ? [] : [[`  ${old ? 'seen ' : ''}${ago(iso(seenAt), now)}`, 'dim'] as const]),
  ];
  const width = (line: Span[]) =>
    line.reduce((sum, each) => sum + cellsOf(typeof each === 'string' ? each : each[0]), 0);
  const fitting = SHAPES.flatMap((shape) =>
    [Infinity, 40, 30, 20, 16, 12, 10, SHORTEST_NAME].map((cells) => facts((text) => cut(text, cells), shape)),
  ).find((line) => width(line) <= columns);
  return fitting ?? facts((text) => cut(text, 4), SHAPES.at(-1) ?? NARROWEST);
}

type Names = (text: string) => string;

interface Shape {
  readonly all: boolean;
  readonly old: boolean;
  readonly decides: boolean;
  readonly utc: boolean;
}

const NARROWEST: Shape = { all: false, old: false, decides: false, utc: false };
/** The less important is left out first. */
const SHAPES: readonly Shape[] = [
  { all: true, old: true, decides: true, utc: true },
  { all: false, old: true, decides: true, utc: true },
  { all: false, old: false, decides: true, utc: true },
  { all: false, old: false, decides: false, utc: true },
  NARROWEST,
];
