import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { oneLine, severalLines, shortened } from '../../../src/cli/terminal/terminal-text.js';
import { runs } from '../../support/property-runs.js';

describe('text from outside', () => {
  test('shows what would steer a terminal instead of obeying it', () => {
    expect(oneLine('a\u001b[2Jb')).toBe('a\\x1b[2Jb');
    expect(oneLine('done\u202egnp.exe')).toBe('done\\u202egnp.exe');
    expect(oneLine('first\r\n  second\n')).toBe('first second');
    expect(oneLine('50 %\rHACKED')).toBe('50 % HACKED');
  });

  test('keeps the lines of a table and nothing else', () => {
    expect(severalLines('a\tb\r\n\u0007c')).toBe('a    b\n\\x07c');
  });

  test('leaves letters of any script alone', () => {
    expect(oneLine('Zoë · 日本 → ×30')).toBe('Zoë · 日本 → ×30');
  });

  test('never lets a control character through', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(oneLine(text)).not.toMatch(/\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u);
        expect(severalLines(text).replaceAll('\n', '')).not.toMatch(/\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u);
      }),
      runs(),
    );
  });

  test('is cut by characters, not by halves of them', () => {
    expect(shortened('🚀🚀🚀🚀', 3)).toBe('🚀🚀…');
    expect(shortened('abc', 3)).toBe('abc');
  });
});
