import { expect, test } from '@jest/globals';
import { differenceText } from '../../../src/domain/evidence/difference.js';

test.each<[unknown, unknown, string]>([
  [{ a: 1, b: [{ c: 'x' }] }, { a: 1, b: [{ c: 'y' }] }, 'b.0.c is "x", on record "y"'],
  ['ask', 'rollback', 'it is "ask", on record "rollback"'],
  [{ fired: [] }, { fired: [{ trigger: 'p95' }] }, 'fired.0 is nothing, on record {"trigger":"p95"}'],
  [null, { failed: 'x' }, 'it is null, on record {"failed":"x"}'],
  [
    [1, 2, 3, 4, 5],
    [0, 0, 0, 0, 0],
    '0 is 1, on record 0; 1 is 2, on record 0; 2 is 3, on record 0; and in 2 more places',
  ],
  [{ a: 1 }, { a: 1 }, ''],
])('%j and %j', (now, onRecord, text) => {
  expect(differenceText(now, onRecord)).toBe(text);
});
