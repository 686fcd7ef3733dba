import { StringDecoder } from 'node:string_decoder';
import { stripVTControlCharacters } from 'node:util';
import { escaped } from './terminal-text.js';

type Stream = 'stdout' | 'stderr';
type Out = Pick<NodeJS.WriteStream, 'write'> & { readonly isTTY?: boolean };

/**
 * Prints what a command has printed. Where the output is no terminal each byte as it was, each stream to the one of its name. On a terminal as lines that
 * it can't be told anything by: colours are taken out, other control characters are shown as escapes, and where the other stream goes on it says so.
 */
export class OutputPrinter {
  readonly #lines = { stdout: new OutputLines(), stderr: new OutputLines() };
  #shown: Stream = 'stdout';

  constructor(private readonly out: Readonly<Record<Stream, Out>> = process) {}

  write(stream: Stream, bytes: Buffer): void {
    if (this.out.stdout.isTTY) this.#print(stream, this.#lines[stream].add(bytes));
    else this.out[stream].write(bytes);
  }

  /** What has no end of a line yet is printed too: more may never come. */
  end(): void {
    if (!this.out.stdout.isTTY) return;
    for (const stream of ['stdout', 'stderr'] as const) this.#print(stream, this.#lines[stream].rest());
    this.#shown = 'stdout';
  }

  #print(stream: Stream, lines: readonly string[]): void {
    if (lines.length === 0) return;
    const label = stream === this.#shown ? [] : [`── ${stream}`];
    this.#shown = stream;
    this.out.stdout.write([...label, ...lines].map((line) => `${line}\n`).join(''));
  }
}

/** Bytes that come in parts, as lines that are safe for a terminal. */
export class OutputLines {
  readonly #decoder = new StringDecoder('utf8');
  #begun = '';

  /** The lines that end in these bytes. */
  add(bytes: Buffer): string[] {
    const lines = (this.#begun + this.#decoder.write(bytes)).split('\n');
    this.#begun = lines.pop() ?? '';
    return lines.map(safeLine);
  }

  /** What has come of a line that has not ended. */
  get begun(): string {
    return safeLine(this.#begun);
  }

  /** The same, as the last line there is. */
  rest(): string[] {
    const line = this.begun;
    this.#begun = '';
    return line === '' ? [] : [line];
  }
}

/** Progress that rewrites its line is shown as it stood at the end. */
function safeLine(line: string): string {
  const rewritten = line.replace(/\r+$/, '').split('\r').at(-1) ?? '';
  return escaped(stripVTControlCharacters(rewritten));
}
