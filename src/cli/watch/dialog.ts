import type { OpenHold } from '../../domain/people/hold.js';
import type { SteeringSignal } from '../../domain/people/steering.js';
import { cellsOf, cut } from '../terminal/cells.js';
import type { Act } from '../messages/act.js';
import type { Key } from '../terminal/full-screen.js';
import type { Line } from '../terminal/line.js';
import { oneLine } from '../terminal/terminal-text.js';
import type { Page } from './page.js';
import type { Situation } from './situation.js';

/** What is being asked on the last line. */
export type Dialog =
  | { readonly asks: 'nothing' }
  /** As they were when it was asked: a number means what it meant then. */
  | { readonly asks: 'which'; readonly holds: readonly OpenHold[] }
  | { readonly asks: 'choice'; readonly hold: OpenHold }
  | { readonly asks: 'reason'; readonly act: Act; readonly text: string };

/** What a key leads to besides another question. */
export type Effect =
  | { readonly kind: 'send'; readonly act: Act; readonly reason: string }
  | { readonly kind: 'say'; readonly text: string }
  | { readonly kind: 'quit' }
  | { readonly kind: 'interrupt' }
  /** Another page; once more the same key leads back. */
  | { readonly kind: 'page'; readonly page: 'overview' | Page['kind'] }
  | { readonly kind: 'scroll'; readonly by: number };

export const NO_DIALOG: Dialog = { asks: 'nothing' };
const PAGE = 10;
const SCROLL: Readonly<Record<string, number>> = { down: 1, up: -1, pagedown: PAGE, pageup: -PAGE };
const PAGES: Readonly<Record<string, Page['kind']>> = { l: 'output', t: 'timeline', '?': 'keys' };
const STEERING: Readonly<Record<string, SteeringSignal>> = { p: 'pause', r: 'resume', o: 'promote' };

const KEY: Readonly<Record<SteeringSignal, string>> = { pause: '[p]ause', resume: '[r]esume', promote: 'pr[o]mote' };

interface Next {
  readonly dialog: Dialog;
  readonly effect?: Effect;
}

/** Where a key leads. Nothing that acts is sent before its reason was written and Enter was pressed. */
export function press(dialog: Dialog, key: Key, situation: Situation): Next {
  if (key.name === 'interrupt') return { dialog: NO_DIALOG, effect: { kind: 'interrupt' } };
  if (key.pasted) return { dialog: dialog.asks === 'reason' ? pasted(dialog, key) : dialog };
  if (dialog.asks !== 'nothing' && key.name === 'escape') return { dialog: NO_DIALOG };
  switch (dialog.asks) {
    case 'nothing':
      return command(key, situation);
    case 'which': {
      const hold = dialog.holds[Number(key.text) - 1];
      return hold ? asked(hold) : { dialog };
    }
    case 'choice': {
      const choice = dialog.hold.choices[Number(key.text) - 1];
      return choice === undefined ? { dialog } : reasonFor({ kind: 'decide', hold: dialog.hold.id, choice });
    }
    case 'reason':
      return write(dialog.act, dialog.text, key);
  }
}

function command({ name, text }: Key, { holds, canAbort, steering: offered }: Situation): Next {
  const said = (sentence: string): Next => ({ dialog: NO_DIALOG, effect: { kind: 'say', text: sentence } });
  const scroll = SCROLL[name];
  if (scroll !== undefined) return { dialog: NO_DIALOG, effect: { kind: 'scroll', by: scroll } };
  const letter = text.toLowerCase();
  const steering = STEERING[letter];
  if (letter === 'q') return { dialog: NO_DIALOG, effect: { kind: 'quit' } };
  const page = name === 'escape' ? 'overview' : PAGES[letter];
  if (page) return { dialog: NO_DIALOG, effect: { kind: 'page', page } };
  if (letter === 'a')
    return canAbort ? reasonFor({ kind: 'abort' }) : said('Nothing runs, so there is nothing to abort.');
  if (steering)
    return offered.includes(steering) ? reasonFor({ kind: steering }) : said(`There is nothing to ${steering} now.`);
  if (letter !== 'd') return { dialog: NO_DIALOG };
  const [only, ...others] = holds;
  if (!only) return said('No question is open that is known here.');
  return others.length === 0 ? asked(only) : { dialog: { asks: 'which', holds } };
}

const asked = (hold: OpenHold): Next => ({ dialog: { asks: 'choice', hold } });

const reasonFor = (act: Act): Next => ({ dialog: { asks: 'reason', act, text: '' } });

function write(act: Act, text: string, key: Key): Next {
  if (key.name === 'return' || key.name === 'enter') {
    const reason = text.trim();
    // An abort must not fail for want of words.
    if (reason === '' && act.kind !== 'abort') return { dialog: { asks: 'reason', act, text } };
    return { dialog: NO_DIALOG, effect: { kind: 'send', act, reason: reason || 'no reason given' } };
  }
  const next = key.name === 'backspace' ? [...text].slice(0, -1).join('') : text + key.text;
  return { dialog: { asks: 'reason', act, text: next } };
}

/** Only into a text that is being written, and never as its end. */
function pasted(dialog: Dialog & { asks: 'reason' }, { name, text }: Key): Dialog {
  return { ...dialog, text: dialog.text + (name === 'return' || name === 'enter' ? ' ' : text) };
}

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
