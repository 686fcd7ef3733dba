import { describe, expect, test } from '@jest/globals';
import { cellsOf, cut, padded, wrapped } from '../../../src/cli/terminal/cells.js';
import { painted } from '../../../src/cli/terminal/line.js';
import { localTime, shortTime } from '../../../src/cli/terminal/local-time.js';
import { paintFor, plainPaint } from '../../../src/cli/terminal/paint.js';

describe('text in cells of a terminal', () => {
  test.each([
    ['abc', 3, 'abc'],
    ['abcd', 3, 'ab…'],
    ['日本語', 6, '日本語'],
    ['日本語', 5, '日本…'],
    ['日本語', 4, '日…'],
    ['abc', 0, ''],
    ['éé', 1, '…'],
  ])('%s cut to %i', (text, cells, cutText) => {
    expect(cut(text, cells)).toBe(cutText);
  });

  test('is padded to exactly so many', () => {
    expect(padded('日本', 5)).toBe('日本 ');
    expect(cellsOf(padded('日本語', 4))).toBe(4);
  });

  test.each([
    ['one two three', 7, 3, ['one two', 'three']],
    ['one two three four', 7, 2, ['one two', 'three …']],
    ['onetwothreefour five', 7, 3, ['onetwo…']],
    ['short', 7, 1, ['short']],
  ])('%s in lines of %i, at most %i', (text, cells, most, lines) => {
    expect(wrapped(text, cells, most)).toEqual(lines);
  });
});

describe('a painted line', () => {
  const paint = paintFor({ isTTY: true }, {});
  test('is cut before it is painted', () => {
    expect(painted([['abc', 'red'], 'def'], 6, paint)).toBe('\u001b[31mabc\u001b[0mdef');
    expect(
      painted(
        [
          ['abc', 'red'],
          ['def', 'bold'],
        ],
        5,
        paint,
      ),
    ).toBe('\u001b[31mabc\u001b[0m\u001b[1md…\u001b[0m');
    expect(painted([['abc', 'red'], 'def'], 3, paint)).toBe('\u001b[31mab…\u001b[0m');
  });
  test('obeys nothing', () => {
    expect(painted(['a\u001b[2J\ud800\u3164'], 80, plainPaint)).toBe('a\\x1b[2J\\ud800\\u3164');
  });
});

describe('a moment where the terminal is', () => {
  const now = Date.parse('2026-05-02T22:30:00Z');
  test.each([
    [now, 'UTC', '22:30:00Z', '22:30:00Z'],
    [now, 'Europe/Berlin', '00:30:00 (22:30:00Z)', '00:30:00'],
    [now + 86_400_000, 'Europe/Berlin', '2026-05-04 00:30:00 (22:30:00Z)', '2026-05-04 00:30:00'],
    [now + 86_400_000, 'UTC', '2026-05-03 22:30:00Z', '2026-05-03 22:30:00Z'],
  ])('%i in %s', (at, zone, both, short) => {
    expect(localTime(at, now, zone)).toBe(both);
    expect(shortTime(at, now, zone)).toBe(short);
  });
});
