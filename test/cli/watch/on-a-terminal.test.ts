import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from '@jest/globals';
import { plainPaint } from '../../../src/cli/terminal/paint.js';
import { frame } from '../../../src/cli/watch/frame.js';
import { TerminalSession } from '../terminal-session.js';
import { NOW, situations, ZONE } from './situations.js';

const SHOW = fileURLToPath(new URL('./show-situations.js', import.meta.url));
let session: TerminalSession;
const show = (columns = 80, rows = 24) =>
  (session = new TerminalSession(SHOW, [], { columns, rows, env: { PATH: process.env['PATH'] } }));
afterEach(async () => {
  await session.end();
});

test.each([
  [80, 24],
  [100, 30],
  [140, 40],
])('a terminal of %i × %i shows each frame as it is, and nothing of it stays', async (columns, rows) => {
  show(columns, rows);
  for (const [index, what] of Object.values(situations).entries()) {
    await session.shows(`situation ${index}`);
    const bottom = [[`situation ${index}`]];
    const lines = frame(what, { columns, rows, now: NOW, zone: ZONE, paint: plainPaint, bottom });
    expect(session.lines).toEqual(lines.map((line) => line.trimEnd()));
    expect(session).toMatchObject({ isAlternate: true, scrollback: 0 });
    session.press('n');
  }
  expect(await session.ended).toEqual({ exitCode: 0, signal: undefined });
  expect(session).toMatchObject({ isAlternate: false, scrollback: 0, text: expect.stringMatching(/^ ?$/) });
});

test('a terminal that becomes larger and smaller shows the frame for its size', async () => {
  show();
  await session.shows('situation 0');
  session.resize(140, 40);
  await session.until(({ lines }) => lines[39] === 'situation 0');
  session.resize(80, 24);
  await session.until(({ lines }) => lines[23] === 'situation 0' && lines[0]?.startsWith('prod RC.3') === true);
  expect(session.scrollback).toBe(0);
});

test.each<[NodeJS.Signals, number]>([
  ['SIGTERM', 15],
  ['SIGHUP', 1],
])('%s leaves the terminal as it was', async (signal, number) => {
  show();
  await session.shows('situation 0');
  session.signal(signal);
  expect(await session.ended).toMatchObject({ signal: number });
  expect(session).toMatchObject({ isAlternate: false, scrollback: 0 });
});

test('a fault leaves the terminal as it was, with what it was on it', async () => {
  show();
  await session.shows('situation 0');
  session.press('t');
  expect(await session.ended).toMatchObject({ exitCode: 1 });
  expect(session.isAlternate).toBe(false);
  expect(session.text).toContain('as thrown by a fault');
});

test('what is pasted presses no key', async () => {
  show();
  await session.shows('situation 0');
  session.press('\u001b[200~t\r\u001b[201~');
  session.press('n');
  await session.shows('situation 1');
});

test.each<[string, (command: string) => string]>([
  ['started by the shell', (command) => command],
  ['started by a program that waits for it, as npx does', (command) => `sh -c "${command}; true"`],
])('Ctrl-Z gives the terminal back to the shell until it says fg: %s', async (_, started) => {
  const env = { PATH: process.env['PATH'], PS1: 'PROMPT> ' };
  session = new TerminalSession('--norc', ['--noprofile', '-i'], { columns: 80, rows: 24, env, program: 'bash' });
  await session.shows('PROMPT>');
  session.press(`${started(`'${process.execPath}' '${SHOW}'`)}\r`);
  await session.shows('situation 0');
  expect(session.isAlternate).toBe(true);
  session.press('\u001a');
  await session.shows('Stopped');
  expect(session.isAlternate).toBe(false);
  session.press('echo still-$((40+2))\r');
  await session.shows('still-42');
  session.press('fg\r');
  await session.until(({ isAlternate, text }) => isAlternate && text.includes('situation 0'));
  session.press('n');
  await session.shows('situation 1');
});
