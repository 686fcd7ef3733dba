import type { Freezing, Frozen } from './freeze-window.js';
import type { GoLiveInput } from '../run/input.js';
import { shellWord } from '../text/shell-word.js';

/** Whether a go-live may begin at a moment, as far as freeze windows go. */
export type FreezeRuling =
  | { readonly kind: 'free' }
  /** An override was given, and nothing is frozen. */
  | { readonly kind: 'needless'; readonly text: string }
  | { readonly kind: 'overridden'; readonly text: string }
  | { readonly kind: 'frozen'; readonly why: string };

type Started = Pick<GoLiveInput, 'environment' | 'release' | 'previousRelease' | 'decisionOwner' | 'overrideFreeze'>;

/** Judges the windows in force when a go-live wants to begin `at` this moment, in epoch milliseconds. An override counts for the windows it names, and for no others. */
export function ruleOnFreeze({ windows, thaws }: Freezing, input: Started, at: number): FreezeRuling {
  const { overrideFreeze: override } = input;
  const by = override?.by ?? input.decisionOwner;
  const said = override ? `${override.freeze.map(quoted).join(' and ')} by ${by}: ${override.reason}` : '';
  if (windows.length === 0)
    return override
      ? { kind: 'needless', text: `override of ${said}; it was not needed, nothing is frozen at ${moment(at)}` }
      : { kind: 'free' };
  const left = windows.filter(({ name }) => !override?.freeze.includes(name));
  if (override && left.length === 0)
    return { kind: 'overridden', text: `in spite of ${inForce(windows)}, overridden by ${by}: ${override.reason}` };
  const start = `golive start ${shellWord(input.environment)} --release ${shellWord(input.release)} --previous ${shellWord(input.previousRelease)} --owner ${shellWord(input.decisionOwner)}`;
  const later =
    thaws === undefined
      ? 'These windows leave no time for a start: correct freezes in the playbook file'
      : `Start it later: ${start} --at ${moment(thaws)}`;
  const all = windows.map(({ name }) => `--override-freeze ${shellWord(name)}`).join(' ');
  const wrong = override
    ? ` The override names ${override.freeze.map(quoted).join(' and ')}, and not ${left.map(({ name }) => quoted(name)).join(' and ')}.`
    : '';
  return {
    kind: 'frozen',
    why: `no go-live begins at ${moment(at)}: ${inForce(left)}.${wrong} ${later}. If it can't wait: ${start} ${all}`,
  };
}

const inForce = (windows: readonly Frozen[]) =>
  windows.map(({ name, until }) => `the freeze window ${quoted(name)} until ${moment(until)}`).join(' and ');
const quoted = (name: string) => `"${name}"`;
const moment = (at: number) => new Date(at).toISOString().replace('.000Z', 'Z');
