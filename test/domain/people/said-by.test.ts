import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readSaidBy } from '../../../src/domain/people/said-by.js';
import { runs } from '../../support/property-runs.js';

test.each([
  [
    { reason: 'errors', by: 'Ana' },
    { reason: 'errors', by: 'Ana' },
  ],
  ['errors', { reason: 'errors', by: 'unknown' }],
  [{ reason: ' two\nlines ' }, { reason: 'two lines', by: 'unknown' }],
  [{}, { reason: 'no reason given', by: 'unknown' }],
  [undefined, { reason: 'no reason given', by: 'unknown' }],
  [null, { reason: 'no reason given', by: 'unknown' }],
  [42, { reason: 'no reason given', by: 'unknown' }],
  [
    { reason: { deep: true }, by: ['x'] },
    { reason: 'no reason given', by: 'unknown' },
  ],
  [
    { unreadable: true, encoding: 'x', reason: 'unknown encoding' },
    { reason: 'no reason given', by: 'unknown' },
  ],
])('%j aborts', (payload, expected) => {
  expect(readSaidBy(payload)).toEqual(expected);
});

test('anything aborts', () => {
  fc.assert(
    fc.property(fc.anything(), (payload) => {
      const { reason, by } = readSaidBy(payload);
      expect(reason).not.toBe('');
      expect(by).not.toBe('');
    }),
    runs(),
  );
});
