import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cut, cutFront, shortened } from '../../../src/domain/text/cut-text.js';
import { runs } from '../../support/property-runs.js';

test.each([
  [cut('ab\u{1f600}', 3), 'ab'],
  [cut('ab\u{1f600}', 4), 'ab\u{1f600}'],
  [cut('abc', 0), ''],
  [cutFront('\u{1f600}ab', 3), 'ab'],
  [cutFront('\u{1f600}ab', 4), '\u{1f600}ab'],
  [shortened('ab\u{1f600}c', 4), 'ab…'],
  [shortened('ab', 2), 'ab'],
])('%s is %s', (cutText, expected) => expect(cutText).toBe(expected));

test('no cut leaves half of a character, or more than was asked for, or much less', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat(20), (text, longest) => {
      for (const part of [cut(text, longest), cutFront(text, longest)]) {
        expect(part).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/);
        expect(part.length).toBeLessThanOrEqual(longest);
        expect(part.length).toBeGreaterThanOrEqual(Math.min(text.length, longest) - 1);
      }
      expect(text.startsWith(cut(text, longest)) && text.endsWith(cutFront(text, longest))).toBe(true);
    }),
    runs(),
  );
});
