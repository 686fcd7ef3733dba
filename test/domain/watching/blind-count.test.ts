import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BlindCount } from '../../../src/domain/watching/blind-count.js';
import { runs } from '../../support/property-runs.js';

const at = (check: string, target: string, from: number, to: number) => ({ check, target, from, to });

test('what goes on is counted as it grows, each second once', () => {
  const count = new BlindCount();
  expect([...count.take([at('p95', 'service', 0, 2_500)])]).toEqual([['p95', 2]]);
  expect([...count.take([at('p95', 'service', 0, 2_900)])]).toEqual([]);
  expect([...count.take([at('p95', 'service', 0, 6_000)])]).toEqual([['p95', 4]]);
  // The same, told with its end.
  expect([...count.take([at('p95', 'service', 0, 6_000)])]).toEqual([]);
});

test('the targets of a check add up, and a later time counts anew', () => {
  const count = new BlindCount();
  expect([...count.take([at('ready', 'a', 0, 3_000), at('ready', 'b', 1_000, 3_000), at('p95', 'a', 0, 900)])]).toEqual(
    [['ready', 5]],
  );
  expect([...count.take([at('ready', 'a', 60_000, 61_000)])]).toEqual([['ready', 1]]);
});

test('however often it is told, it is as long as it was', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1e12 }),
      fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1 }),
      (from, ages) => {
        const count = new BlindCount();
        const told = [...ages].sort((one, other) => one - other);
        const seconds = told.map((age) => count.take([at('p95', 'service', from, from + age)]).get('p95') ?? 0);
        expect(seconds.reduce((sum, each) => sum + each, 0)).toBe(Math.floor((told.at(-1) as number) / 1000));
      },
    ),
    runs(200),
  );
});
