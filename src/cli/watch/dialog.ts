import type { OpenHold } from '../../domain/people/hold.js';
import type { SteeringSignal } from '../../domain/people/steering.js';
import type { Act } from '../messages/act.js';
import type { Key } from '../terminal/full-screen.js';
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
