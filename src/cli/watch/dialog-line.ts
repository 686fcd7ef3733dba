import type { SteeringSignal } from '../../domain/people/steering.js';
import type { Act } from '../messages/act.js';
import { cellsOf, cut } from '../terminal/cells.js';
import type { Line } from '../terminal/line.js';
import { oneLine } from '../terminal/terminal-text.js';
import type { Dialog } from './dialog.js';
import type { Situation } from './situation.js';

const KEY: Readonly<Record<SteeringSignal, string>> = { pause: '[p]ause', resume: '[r]esume', promote: 'pr[o]mote' };

/** An act in words: `abort prod`, `answer extend to soak-canary`. */
export function actText(act: Act, environment: string): string {
  return act.kind === 'decide' ? `answer ${act.choice} to ${act.hold}` : `${act.kind} ${environment}`;
}

/** The last line: what is asked, or the keys there are. */
export function dialogLine(
  dialog: Dialog,
  { environment, by }: { readonly environment: string; readonly by: string },
  { holds, canAbort, steering }: Situation,
  columns: number,
): Line {
  switch (dialog.asks) {
    case 'nothing': {
      const keys = [
        ...(canAbort ? ['[a]bort'] : []),
        ...steering.map((signal) => KEY[signal]),
        ...(holds.length > 0 ? ['[d]ecide'] : []),
        '[l]ogs',
        '[t]imeline',
        '[q]uit',
        '[?]',
      ];
      return [[keys.join('  '), 'dim']];
    }
    case 'which':
      return [['Which? ', 'bold'], numbered(dialog.holds.map(({ id }) => id)), ['  Esc: none', 'dim']];
    case 'choice':
      return [
        [`${oneLine(dialog.hold.id)}: `, 'bold'],
        numbered(dialog.hold.choices),
        // What takes more than a choice and a reason has a command of its own.
        [`${dialog.hold.answers === undefined ? '' : '  others: by its command'}  Esc: none`, 'dim'],
      ];
    case 'reason': {
      const asks = `${cut(actText(dialog.act, environment), Math.floor(columns / 3))}, why? `;
      const help = `  Enter sends as ${cut(oneLine(by), Math.floor(columns / 6))}, Esc does not`;
      const room = columns - cellsOf(asks) - cellsOf(help) - 1;
      return [[asks, 'bold', 'red'], `${endOf(dialog.text, room)}▏`, [help, 'dim']];
    }
  }
}

const numbered = (texts: readonly string[]): string =>
  texts.map((text, index) => `${index + 1} ${oneLine(text)}`).join('  ');

/** The end of what is being typed, where it is longer than its place. */
function endOf(text: string, cells: number): string {
  const characters = [...text];
  while (cellsOf(characters.join('')) > cells) characters.shift();
  return characters.join('');
}
