import { StringDecoder } from 'node:string_decoder';
import { stripVTControlCharacters } from 'node:util';
import { escaped } from './terminal-text.js';

type Stream = 'stdout' | 'stderr';
type Out = Pick<NodeJS.WriteStream, 'write'> & { readonly isTTY?: boolean };

/**
 * Prints what a command has printed. Where the output is no terminal each byte as it was, each stream to the one of its name; on a terminal as
 * {@link OutputText}.
 */
export class OutputPrinter {
  readonly #text = new OutputText();

  constructor(private readonly out: Readonly<Record<Stream, Out>> = process) {}

  write(stream: Stream, bytes: Buffer): void {
    if (this.out.stdout.isTTY) this.#print(this.#text.add(stream, bytes));
    else this.out[stream].write(bytes);
  }

  /** What has no end of a line yet is printed too: more may never come. */
  end(): void {
    if (this.out.stdout.isTTY) this.#print(this.#text.begun());
  }

  #print(lines: readonly string[]): void {
    if (lines.length > 0) this.out.stdout.write(lines.map((line) => `${line}\n`).join(''));
  }
}

/**
 * Both streams of a command as lines that can tell a terminal nothing: colours are taken out, other control characters are shown as escapes, and where the
 * other stream goes on a line says so.
 */
export class OutputText {
  readonly #lines = { stdout: new OutputLines(), stderr: new OutputLines() };
  #shown: Stream = 'stdout';

  /** The lines that end in these bytes. */
  add(stream: Stream, bytes: Buffer): string[] {
    const lines = this.#labelled(stream, this.#lines[stream].add(bytes), this.#shown);
    if (lines.length > 0) this.#shown = stream;
    return lines;
  }

  /** What has come of lines that have not ended. */
  begun(): string[] {
    let shown = this.#shown;
    return (['stdout', 'stderr'] as const).flatMap((stream) => {
      const lines = this.#labelled(stream, [this.#lines[stream].begun].filter(Boolean), shown);
      if (lines.length > 0) shown = stream;
      return lines;
    });
  }

  #labelled(stream: Stream, lines: string[], shown: Stream): string[] {
    return lines.length === 0 || stream === shown ? lines : [`── ${stream}`, ...lines];
  }
}

/** Bytes that come in parts, as lines that are safe for a terminal. */
class OutputLines {
  readonly #decoder = new StringDecoder('utf8');
  #begun = '';

  add(bytes: Buffer): string[] {
    const lines = (this.#begun + this.#decoder.write(bytes)).split('\n');
    this.#begun = lines.pop() ?? '';
    return lines.map(safeLine);
  }

  get begun(): string {
    return safeLine(this.#begun);
  }
}

/** Progress that rewrites its line is shown as it stood at the end. */
function safeLine(line: string): string {
  const rewritten = line.replace(/\r+$/, '').split('\r').at(-1) ?? '';
  return escaped(stripVTControlCharacters(rewritten));
}
