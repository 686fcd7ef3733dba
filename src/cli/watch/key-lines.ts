import { padded } from '../terminal/cells.js';
import type { Line } from '../terminal/line.js';
import type { Section } from './layout.js';

/** Every key of the watch, and what it does. */
const KEYS: readonly (readonly [key: string, does: string])[] = [
  ['a', 'abort: stops it now and rolls back; needs no reason'],
  ['p r', 'pause, resume: no further step begins until then'],
  ['o', 'promote: ends the soak that runs early'],
  ['d', 'answers a question: which, what, why'],
  ['l', 'the output of the command that runs, or of the one that failed last'],
  ['t', 'the timeline: everything that has happened'],
  ['↑ ↓ PgUp PgDn', 'scroll the output and the timeline'],
  ['Esc', 'back to how it stands; of what is being typed: sends nothing'],
  ['Ctrl-Z', 'gives the terminal back to the shell; fg goes on'],
  ['q Ctrl-C', 'leaves; the go-live goes on'],
  ['?', 'these keys'],
];
const KEY = 15;

/** All the keys there are, whatever can be done now. */
export function keySection(): Section {
  const lines = KEYS.map(([key, does]): Line => [[padded(key, KEY), 'bold'], does]);
  return {
    label: 'Keys',
    lines,
    rest: (shown) => `${lines.length - shown} more`,
    least: lines.length,
    good: lines.length,
  };
}
