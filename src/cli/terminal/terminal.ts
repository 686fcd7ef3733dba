import { asCalledHere } from './called.js';
import { paintFor, type Paint } from './paint.js';

/** Where a subcommand says things. With `--json` stdout carries one document and nothing else. */
export interface Terminal {
  readonly json: boolean;
  readonly paint: Paint;
  /** The whole of it can be written on, in place: a person looks on, and it can do more than print. */
  readonly isScreen: boolean;
  /** How many cells a line has; not known where it is no terminal. */
  readonly columns: number | undefined;
  /** A line, or several, for people; nothing with `--json`. The text is already safe for a terminal; golive's commands in it become such as can be pasted here. */
  readonly print: (text: string) => void;
  /** A remark beside the output, on stderr. */
  readonly note: (text: string) => void;
  /** The one document of `--json`; nothing without it. */
  readonly document: (value: unknown) => void;
}

export function openTerminal(json: boolean, { stdout, stderr, env } = process): Terminal {
  return {
    json,
    paint: paintFor(stdout, env),
    isScreen: !json && stdout.isTTY === true && env['TERM'] !== 'dumb',
    columns: stdout.isTTY ? stdout.columns : undefined,
    print: (text) => void (json || stdout.write(`${asCalledHere(text)}\n`)),
    note: (text) => void stderr.write(`${asCalledHere(text)}\n`),
    document: (value) => void (json && stdout.write(`${JSON.stringify(value, null, 2)}\n`)),
  };
}
