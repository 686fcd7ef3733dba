import type { Span, Firing } from '../domain/evidence/report/stretches.js';
import type { Window } from '../domain/evidence/report/windows.js';
import { placeIn, timeTicks } from './axis.js';
import { forEach, html, type Html } from './html.js';
import { clockText, type Clocks } from './moment-text.js';

/** A stretch of time on a strip; without an end it reaches to the right edge. */
export interface Bit {
  readonly from: string;
  readonly to?: string | undefined;
  /** Of the style sheet. */
  readonly look: string;
  readonly label?: string;
  /** What is told of it when one points at it. */
  readonly title: string;
}

/** Too narrow for a word: less than this share of the width. */
const THIN = 0.02;

/** Per cent of the width, as short as a picture needs it. */
export const percent = (share: number): string => `${Number((share * 100).toFixed(2))}%`;

const edges = ({ from, to }: Pick<Window, 'from' | 'to'>) => [Date.parse(from), Date.parse(to)] as const;

/** The bits that lie in a window. */
export function bits(all: readonly Bit[], window: Window): Html {
  const [from, to] = edges(window);
  const place = placeIn(from, to);
  const inside = all.filter((each) => Date.parse(each.from) <= to && Date.parse(each.to ?? window.to) >= from);
  return forEach(inside, ({ label = '', look, title, ...each }) => {
    const [left, right] = [place(Date.parse(each.from)), place(Date.parse(each.to ?? window.to))];
    const thin = right - left < THIN;
    return html`<div
      class="bit ${look}${thin ? ' thin' : ''}"
      style="left:${percent(left)};width:${percent(right - left)}"
      title="${title}"
    >
      ${thin ? '' : label}
    </div>`;
  });
}

/** Where the run stood, as bits. */
export const phaseBits = (phases: readonly Span[], clocks: Clocks): Bit[] =>
  phases.map(({ name, is, part, from, to }) => ({
    from,
    to,
    look: part ?? is,
    label: name,
    title: `${name}: ${clockText(from, clocks)} to ${to === undefined ? 'now' : clockText(to, clocks)}`,
  }));

/** The axis of time under a picture. */
export function timeAxis(window: Window, { zone }: Clocks): Html {
  const side = (at: number) => (at < 0.04 ? 'first' : at > 0.96 ? 'last' : '');
  // One that is near an edge keeps its half width from it: on a phone that is more than 4 % of the axis.
  const left = (at: number) => (side(at) ? percent(at) : `clamp(2rem, ${percent(at)}, 100% - 2rem)`);
  return html`<div class="x">
    ${forEach(timeTicks(...edges(window), zone), ({ at, text }) => html`<span class="${side(at)}" style="left:${left(at)}">${text}</span>`)}
  </div>`;
}

/** A mark for each firing in a window, with its trigger's name. */
export function firedMarks(fired: readonly Pick<Firing, 'at' | 'trigger'>[], window: Window): Html {
  const [from, to] = edges(window);
  const place = placeIn(from, to);
  const inside = fired.filter(({ at }) => Date.parse(at) >= from && Date.parse(at) <= to);
  return forEach(inside, ({ at, trigger }, index) => {
    const left = place(Date.parse(at));
    return html`<div class="fired${left > 0.6 ? ' late' : ''}" style="left:${percent(left)}" title="${trigger} fired">
      <span style="margin-top:${index % 4}em">▼ ${trigger}</span>
    </div>`;
  });
}
