import type { Report } from '../domain/evidence/report/report.js';
import type { Blind, Clock } from '../domain/evidence/report/stretches.js';
import type { Window } from '../domain/evidence/report/windows.js';
import { blindStretches } from '../domain/watching/blind-text.js';
import { forEach, html, type Html } from './html.js';
import { clockText, type Clocks } from './moment-text.js';
import { bits, firedMarks, phaseBits, timeAxis, type Bit } from './strip.js';

/** More breach clocks than this are drawn on one strip. */
const MOST_CLOCKS = 8;

/** The whole run on one axis of time: where it stood, what ran, what was asked, breach clocks, and times without readings. */
export function picture(report: Report, window: Window, clocks: Clocks): Html {
  const lanes: (readonly [string, readonly Bit[]])[] = [
    ['phases', phaseBits(report.phases, clocks)],
    ['commands', commandBits(report, clocks)],
    ['questions', holdBits(report, clocks)],
    ...clockLanes(report.clocks, clocks),
    ['without readings', blindBits(report.blind, clocks)],
  ];
  const within = lanes.filter(([, all]) => all.some((each) => touches(each, window)));
  const fired = report.firings.filter(({ at }) => at >= window.from && at <= window.to);
  return html`<figure class="picture">
    <figcaption><b>${window.name}</b></figcaption>
    <div class="plot">
      ${forEach(
        within,
        ([name, all]) =>
          html`<div class="name">${name}</div>
            <div class="band">${bits(all, window)}</div>`,
      )}
      ${
        fired.length > 0
          ? html`<div class="name">fired</div>
              <div class="band" style="overflow:visible;height:${1.35 + Math.min(3, fired.length - 1)}rem">
                ${firedMarks(fired, window)}
              </div>`
          : html``
      }
      ${timeAxis(window, clocks)}
    </div>
  </figure>`;
}

/** What the colours and patterns mean. */
const KEYS = [
  ['deploying', 'deploy'],
  ['soaking', 'soak'],
  ['hypercare', 'hypercare, or as it should be'],
  ['rolling-back', 'rollback'],
  ['asked', 'question'],
  ['clock', 'breach that fired, or failing'],
  ['clock cleared', 'breach that ended'],
  ['clock unseen', 'breach not seen to its end'],
  ['blind', 'no readings'],
  ['idle', 'nothing to measure'],
] as const;

export const LEGEND = html`<p class="legend">
  ${forEach(KEYS, ([look, word]) => html`<span><i class="key bit ${look}"></i>${word}</span>`)}
</p>`;

const touches = ({ from, to }: Bit, window: Window): boolean =>
  from <= window.to && (to === undefined || to >= window.from);

function commandBits({ commands }: Report, clocks: Clocks): Bit[] {
  return commands.flatMap(({ step, generation, from, to, ended, succeeded }) =>
    from === undefined
      ? []
      : [
          {
            from,
            to: to ?? from,
            look: succeeded ? 'command' : 'command failed',
            label: succeeded ? step : `✕ ${step}`,
            title: `${step}.${generation}: ${ended}, ${clockText(from, clocks)} to ${clockText(to, clocks)}`,
          },
        ],
  );
}

function holdBits({ holds }: Report, clocks: Clocks): Bit[] {
  return holds.map(({ id, from, to, choice, by }) => ({
    from,
    to,
    look: 'asked',
    label: `? ${id}`,
    title: `${id}, asked at ${clockText(from, clocks)}: ${choice === undefined ? (to === undefined ? 'open' : 'closed without an answer') : `${choice} by ${by ?? 'nobody named'}`}`,
  }));
}

function clockLanes(all: readonly Clock[], clocks: Clocks): [string, Bit[]][] {
  const lanes = new Map<string, Bit[]>();
  for (const { trigger, check, target, from, to, ended } of all) {
    const name = `${trigger} at ${target}`;
    const bit = {
      from,
      to,
      look: `clock ${ended === 'fired' ? '' : ended === 'cleared' ? 'cleared' : 'unseen'}`,
      title: `${trigger}: ${check} at ${target} from ${clockText(from, clocks)} to ${clockText(to, clocks)}: ${ended}`,
    };
    lanes.set(name, [...(lanes.get(name) ?? []), bit]);
  }
  return lanes.size <= MOST_CLOCKS ? [...lanes] : [['breach clocks', [...lanes.values()].flat()]];
}

/** Checks that were without readings at the same time are one bit: patterns over each other can't be told from a colour. */
function blindBits(all: readonly Blind[], clocks: Clocks): Bit[] {
  return blindStretches(all).map(({ from, to, checks }) => ({
    from,
    to,
    look: 'blind',
    title: `${checks.map(({ check, target }) => `${check} at ${target}`).join(', ')} without readings, from ${clockText(from, clocks)} to ${to === undefined ? 'the end' : clockText(to, clocks)}`,
  }));
}
