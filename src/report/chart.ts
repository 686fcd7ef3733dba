import { formatValue } from '../domain/plan/playbook/bound.js';
import type { Line, Measure } from '../domain/evidence/report/measures.js';
import type { Point } from '../domain/evidence/report/thinned.js';
import type { Report } from '../domain/evidence/report/report.js';
import type { Window } from '../domain/evidence/report/windows.js';
import { placeIn, rangeOf, timeTicks, valueTicks, worstOf } from './axis.js';
import { forEach, html, NONE, type Html } from './html.js';
import type { Clocks } from './moment-text.js';
import { bits, firedMarks, percent, phaseBits, timeAxis, type Bit } from './strip.js';

/** The chart of one measure in one window: its values with guardrail, triggers, stages and what fired; under it how each look stood. Nothing where nobody looked. */
export function chart(report: Report, measure: Measure, window: Window, clocks: Clocks): Html {
  const points = measure.charts.find((each) => each.window === window.name)?.points ?? [];
  if (points.length === 0) return NONE;
  const values = points.flatMap(({ value }) => value ?? []);
  const { unit } = measure;
  const fired = firedMarks(measure.fired, window);
  const strip = bits(standingBits(points), window);
  return html`<figure>
    ${caption(measure, values, points.length)}
    <div class="plot">
      <div></div>
      <div class="band">${bits(phaseBits(report.phases, clocks), window)}</div>
      ${
        unit && values.length > 0
          ? valuePlot(points, values, measure, window, report, clocks, fired)
          : html`<div></div>
              <div class="strip tall">${strip}${fired}</div>`
      }
      ${
        unit && values.length > 0
          ? html`<div></div>
              <div class="strip">${strip}</div>`
          : NONE
      }${timeAxis(window, clocks)}
    </div>
  </figure>`;
}

function caption(
  { check, target, what, unit, lines, standings, looks, kind }: Measure,
  values: readonly number[],
  shown: number,
): Html {
  const worst = worstOf(values, lines[0]);
  const limits = lines.map(({ bound }) => bound.value);
  const told = [
    what,
    ...(unit && worst !== undefined
      ? [`${kind === 'probe' ? 'slowest' : 'worst here'} ${formatValue(worst, unit, limits)}`]
      : []),
    `${looks} looks${shown < looks ? ` (${shown} drawn)` : ''}`,
    ...(standings.failing > 0 ? [`${standings.failing} not as it should be`] : []),
    ...(standings.blind > 0 ? [`${standings.blind} without a reading`] : []),
  ];
  return html`<figcaption>
    <b>${check}</b>at <bdi>${target}</bdi> <span>· ${told.join(' · ')}</span>${limitLabels(lines)}
  </figcaption>`;
}

function valuePlot(
  points: readonly Point[],
  values: readonly number[],
  measure: Measure,
  window: Window,
  { phases }: Report,
  clocks: Clocks,
  fired: Html,
): Html {
  const { unit = 'number', lines } = measure;
  const range = rangeOf(values, lines, unit, measure.fired.length > 0);
  const [from, to] = [Date.parse(window.from), Date.parse(window.to)];
  const place = placeIn(from, to);
  const up = (value: number) => 1 - (value - range.low) / (range.high - range.low);
  const stages = phases.map((each) => place(Date.parse(each.from))).filter((at) => at > 0 && at < 1);
  const ticks = valueTicks(range, unit);
  return html`<div class="y">
      ${forEach(ticks, ({ at, text }) => html`<span style="top:${percent(1 - at)}">${text}</span>`)}
    </div>
    <div class="area">
      <svg
        viewBox="0 0 1000 100"
        preserveAspectRatio="none"
        role="img"
        aria-label="${measure.check} at ${measure.target} over time"
      >
        ${path('grid', [...ticks.map(({ at }) => `M0 ${y(1 - at)}H1000`), ...timeTicks(from, to, clocks.zone).map(({ at }) => `M${x(at)} 0V100`)])}
        ${path(
          'stage',
          stages.map((at) => `M${x(at)} 0V100`),
        )}
        ${forEach(lines, ({ of, bound }) => path(of === 'guardrail' ? 'guard' : 'trig', [`M0 ${y(up(bound.value))}H1000`]))}
        ${path('value', stroke(points, place, up))}
        ${path(
          'lone',
          lone(points).map((each) => `M${x(place(each.at))} ${y(up(each.value ?? 0))}h.01`),
        )}
        ${path(
          'dot',
          points.flatMap(({ at, value, standing }) =>
            value === undefined || standing !== 'failing' ? [] : [`M${x(place(at))} ${y(up(value))}h.01`],
          ),
        )}</svg
      >${fired}
    </div>`;
}

const x = (share: number) => Number((share * 1000).toFixed(1));
const y = (share: number) => Number((share * 100).toFixed(2));
const path = (look: string, parts: readonly string[]): Html =>
  parts.length === 0 ? NONE : html`<path class="${look}" d="${parts.join('')}" />`;

/** One line through the values; it breaks where there was none. */
function stroke(points: readonly Point[], place: (moment: number) => number, up: (value: number) => number): string[] {
  let pen = 'M';
  return points.flatMap(({ at, value }) => {
    const to = pen;
    pen = value === undefined ? 'M' : 'L';
    return value === undefined ? [] : [`${to}${x(place(at))} ${y(up(value))}`];
  });
}

/** Values between two looks that had none: no line goes through them. */
const lone = (points: readonly Point[]): Point[] =>
  points.filter(
    ({ value }, index) =>
      value !== undefined && points[index - 1]?.value === undefined && points[index + 1]?.value === undefined,
  );

/** What the lines of limits are: beside the chart, where they hide nothing. */
const limitLabels = (lines: readonly Line[]): Html =>
  forEach(lines, ({ of, text }) => html` <span class="limit ${of}">${of === 'guardrail' ? '╌╌' : '┄┄'} ${text}</span>`);

/** How each look stood, until the next one; neighbours that stood alike are one bit. */
function standingBits(points: readonly Point[]): Bit[] {
  const all: (Bit & { to?: string })[] = [];
  for (const { at, standing, text } of points) {
    const moment = new Date(at).toISOString();
    const last = all.at(-1);
    if (last) last.to = moment;
    if (last?.look !== standing)
      all.push({ from: moment, to: moment, look: standing, title: `${WORDS[standing]}: ${text}` });
  }
  return all;
}

const WORDS = {
  clean: 'as it should be',
  failing: 'not as it should be',
  idle: 'nothing to measure',
  blind: 'no reading',
};
