import { expect, test } from '@jest/globals';
import { pairs } from '../support/pairs.js';

test.each([
  [
    ['a', 'b', 'c'],
    [1, 2],
  ],
  [['a'], [1, 2, 3]],
])('each moment and each way come at least once in the usual run, all together in the campaign', (moments, ways) => {
  const usual = pairs(moments, ways, false);
  expect(new Set(usual.map(([moment]) => moment))).toEqual(new Set(moments));
  expect(new Set(usual.map(([, way]) => way))).toEqual(new Set(ways));
  expect(usual).toHaveLength(Math.max(moments.length, ways.length));
  expect(pairs(moments, ways, true)).toHaveLength(moments.length * ways.length);
});
