import { setTimeout as pause } from 'node:timers/promises';
import { readSettings } from '../agent/settings.js';
import { stateOf } from './checkout-root.js';

/** One call of a script in the checkout. */
export interface ScriptCall {
  /** Root of the checkout that the script lies in. */
  root: string;
  args: string[];
}
/** A script's program; resolves to its exit code. */
export type Script = (call: ScriptCall) => Promise<number>;

export const print = (text: string): void => void process.stdout.write(`${text}\n`);
export const complain = (text: string): void => void process.stderr.write(`${text}\n`);

/** Prints what Python prints for an exception that nobody caught; exits 1 with no result on stdout. */
export function traceback(error: string): number {
  complain(`Traceback (most recent call last):\n  File "<frozen runpy>", in <module>\n${error}`);
  return 1;
}

/** The time that a script takes (a share of what the sandbox is set to, in ms), spent here instead of in real work. */
export async function takeTime(root: string, share = 1): Promise<void> {
  await pause(readSettings(stateOf(root).settings).scriptMs * share);
}

/** The value after an option, as in `--name N` or `--name=N`. */
export function optionValue(args: readonly string[], name: string): string | undefined {
  const inline = args.find((argument) => argument.startsWith(`${name}=`));
  const at = args.indexOf(name);
  return inline?.slice(name.length + 1) ?? (at === -1 ? undefined : args[at + 1]);
}
