import { expect, test } from '@jest/globals';
import { Timeline } from '../../src/domain/timeline.js';

test('keeps the beginning and the end of a flood, and says what is missing', () => {
  const timeline = new Timeline();
  for (let index = 0; index < 10_000; index += 1) timeline.add('t', `entry ${index}`);
  const texts = timeline.entries.map(({ what }) => what);
  expect(texts).toHaveLength(Timeline.LIMIT + 1);
  expect([texts[0], texts[499], texts[500], texts.at(-1)]).toEqual([
    'entry 0',
    'entry 499',
    '… 9000 entries are left out here',
    'entry 9999',
  ]);
});

test('no entry is longer than people read', () => {
  const timeline = new Timeline();
  timeline.add('t', 'x'.repeat(10_000));
  expect(timeline.entries[0]?.what).toHaveLength(Timeline.LONGEST);
});
