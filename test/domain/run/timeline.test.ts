import { expect, test } from '@jest/globals';
import { noTimeline, Timeline } from '../../../src/domain/run/timeline.js';

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

test('a flood of long texts in any script stays below the bytes, and keeps its order', () => {
  const state = noTimeline();
  const timeline = new Timeline(state);
  for (let index = 0; index < 3_000; index += 1) timeline.add('t', `${index} ${'在庫"'.repeat(200)}`);
  const { first, last, leftOut } = state;
  const bytes = Buffer.byteLength(JSON.stringify([...first, ...last]));
  expect(bytes).toBeLessThanOrEqual(Timeline.BYTES + first.length + last.length + 2);
  expect(bytes).toBeGreaterThan(0.95 * Timeline.BYTES);
  expect(first.length + leftOut + last.length).toBe(3_000);
  expect([...first, ...last].map(({ what }) => parseInt(what))).toEqual([
    ...first.map((_, index) => index),
    ...last.map((_, index) => 3_000 - last.length + index),
  ]);
});

test('goes on where another left it', () => {
  const whole = new Timeline();
  let state = noTimeline();
  let part = new Timeline(state);
  for (let index = 0; index < 2_000; index += 1) {
    if (index % 300 === 0) part = new Timeline((state = structuredClone(state)));
    for (const timeline of [whole, part]) timeline.add('t', `${index} ${'x'.repeat(index % 400)}`);
  }
  expect(part.entries).toEqual(whole.entries);
});
