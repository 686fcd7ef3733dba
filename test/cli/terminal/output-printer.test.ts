import { expect, test } from '@jest/globals';
import { OutputPrinter, OutputText } from '../../../src/cli/terminal/output-printer.js';

/** Both streams of a process, and what was written to each. */
function streams(isTTY: boolean) {
  const written = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  const stream = (name: 'stdout' | 'stderr') => ({
    isTTY,
    write: (text: Buffer | string) => written[name].push(Buffer.from(text)) > 0,
  });
  const printer = new OutputPrinter({ stdout: stream('stdout'), stderr: stream('stderr') });
  return { printer, text: (name: 'stdout' | 'stderr') => Buffer.concat(written[name]).toString('latin1') };
}

const NASTY = 'a\u001b[2J\u001b]0;title\u0007b\u0007\tc\r\n\u009b31mred';

test('where the output is no terminal each byte goes to the stream of its name as it was', () => {
  const { printer, text } = streams(false);
  printer.write('stdout', Buffer.from(NASTY, 'latin1'));
  printer.write('stderr', Buffer.from([0xff, 0x00, 0x1b]));
  printer.end();
  expect(text('stdout')).toBe(NASTY);
  expect(text('stderr')).toBe('\u00ff\u0000\u001b');
});

test('a terminal gets lines with nothing in them that it obeys, and is told where the other stream goes on', () => {
  const { printer, text } = streams(true);
  printer.write('stdout', Buffer.from('one\n\u001b[31mtw'));
  printer.write('stdout', Buffer.from('o\u001b[0m\nthr'));
  printer.write('stderr', Buffer.from('10 %\r50 %\r100 %\r\n'));
  printer.write('stdout', Buffer.from('ee'));
  printer.end();
  expect(text('stdout')).toBe('one\ntwo\n── stderr\n100 %\n── stdout\nthree\n'.replaceAll('─', '\u00e2\u0094\u0080'));
  expect(text('stderr')).toBe('');
});

test('no control character is left in a line, however it comes in parts', () => {
  const bytes = Buffer.from(`${NASTY}\n\u202ee\u{1f600}\n`);
  for (let at = 0; at < bytes.length; at += 1) {
    const text = new OutputText();
    const all = [bytes.subarray(0, at), bytes.subarray(at)].flatMap((part) => text.add('stdout', part));
    expect(all.join('')).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(all.at(-1)).toContain('\u{1f600}');
  }
});
