import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fill, fillArguments, placeholdersIn } from '../../../src/domain/plan/placeholders.js';
import { runs } from '../../support/property-runs.js';

test('a value becomes part of one argument, whatever is in it', () => {
  fc.assert(
    fc.property(fc.string(), (release) => {
      expect(fillArguments(['--to', 'v={release}', '{release}'], { release })).toEqual([
        '--to',
        `v=${release}`,
        release,
      ]);
    }),
    runs(),
  );
});

test('a value is not read again', () => {
  expect(fill('{a}', { a: '{b}', b: 'no' })).toBe('{b}');
});

test('a missing value is named, with what there is', () => {
  expect(() => fill('--to {previousRelease}', { release: 'RC.3' })).toThrow(
    "needs {previousRelease}, which this run doesn't have here. Known: release.",
  );
});

test('names are found once, in order', () => {
  expect(placeholdersIn('{b} {a} {b} ${c} {not a name}')).toEqual(['b', 'a']);
});
