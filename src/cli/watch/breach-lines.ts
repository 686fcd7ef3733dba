import { cellsOf, cut } from '../terminal/cells.js';
import type { Line } from '../terminal/line.js';
import { localTime } from '../terminal/local-time.js';
import { ago, ahead } from '../terminal/moments.js';
import { oneLine } from '../terminal/terminal-text.js';
import type { TriggerAction } from '../../domain/plan/playbook/trigger.js';
import type { GoLiveStatus } from '../../domain/run/status.js';
import type { Watched } from './watched.js';

/** A breach clock that runs, and what it does when it is due. */
interface Countdown {
  readonly says: string;
  readonly due: string;
  readonly action: TriggerAction;
}

/** The breach clocks that run as countdowns, one line each, the next one first; more than `most` are counted. */
export function breachLines(watched: Watched, columns: number, now: number, most: number, zone?: string): Line[] {
  const { status } = watched.view ?? {};
  if (!status || status.stop || status.outcome) return [];
  const countdowns = countdownsOf(status).sort((one, other) => (one.due < other.due ? -1 : 1));
  const lines = countdowns.map(({ says, due, action }): Line => {
    const what = action === 'ask' ? 'asks' : status.phase === 'preflight' ? 'rejects' : 'rolls back';
    const end = `: ${when(due, what)}`;
    return [
      [cut(says, columns - cellsOf(end)), 'bold', 'red'],
      [end, 'red'],
    ];
  });
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most - 1), [[`${lines.length - most + 1} more breach clocks run, due later`, 'red']]];

  function when(due: string, what: string): string {
    const at = Date.parse(due);
    if (watched.silence) return `${what} at ${localTime(at, now, zone)} at the earliest, but only with a worker`;
    return at > now
      ? `${what} at ${localTime(at, now, zone)}, ${ahead(due, now)}`
      : `${what} with the next bad reading, due ${ago(due, now)}`;
  }
}

function countdownsOf({ watching, alerts }: GoLiveStatus): Countdown[] {
  return [
    ...watching.flatMap(({ target, triggers }) =>
      triggers.flatMap(({ action, clock }) =>
        clock ? [{ action, due: clock.due, says: oneLine(`${clock.says} at ${target}`) }] : [],
      ),
    ),
    ...alerts.flatMap(({ trigger, clock }) => (clock ? [{ ...clock, says: oneLine(`alert ${trigger} fires`) }] : [])),
  ];
}
