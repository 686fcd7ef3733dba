import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { inOrder } from '../../../src/domain/evidence/in-order.js';
import type { DecidedRecord } from '../../../src/domain/evidence/record.js';

const record = (n: number, second: number, what = ''): DecidedRecord => ({
  kind: 'line',
  what,
  n,
  at: new Date(second * 1_000).toISOString(),
});

test('whatever order they were written in, and how often, they come in the run’s order', () => {
  const records = [...Array(20).keys()].map((n) => record(n, n));
  fc.assert(
    fc.property(fc.shuffledSubarray([...records, ...records], { minLength: 40 }), (written) => {
      expect(inOrder(written)).toEqual(records);
    }),
  );
});

test('a stale task counts nowhere, however far it came; a clock that went back a little does', () => {
  const stale = [1, 2, 3].map((n) => record(n, 10, 'stale'));
  const kept = [record(0, 5), record(1, 20)];
  fc.assert(
    fc.property(fc.shuffledSubarray([...stale, ...kept], { minLength: 5 }), (written) => {
      expect(inOrder(written)).toEqual(kept);
    }),
  );
  expect(inOrder([record(0, 5), record(1, 4.5)])).toHaveLength(2);
});
