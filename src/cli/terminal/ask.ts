import { createInterface } from 'node:readline';
import { endBySignal } from '../exit/end-by-signal.js';

/** Somebody sits at the terminal who can be asked. */
export const canAsk = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true;

/** Asks on stderr and returns the line that is typed, trimmed; empty at the end of the input. Ctrl-C ends the process as it always does. */
export async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  terminal.once('SIGINT', () => {
    terminal.close();
    process.stderr.write('\n');
    endBySignal('SIGINT');
  });
  try {
    return await new Promise<string>((resolve) => {
      terminal.once('close', () => resolve(''));
      terminal.question(question, (line) => resolve(line.trim()));
    });
  } finally {
    terminal.close();
  }
}
