import { expect, test } from '@jest/globals';
import { ago, ahead, span } from '../../../src/cli/terminal/moments.js';

const NOW = Date.parse('2026-05-02T02:00:00Z');
const at = (seconds: number) => new Date(NOW + 1_000 * seconds).toISOString();

test.each([
  [-190, '3m 10s', '3m 10s ago', '3m 10s overdue'],
  [-1, '1s', '1s ago', '1s overdue'],
  [-0.9, 'under 1s', 'just now', 'now'],
  [0, 'under 1s', 'just now', 'now'],
  [0.9, 'under 1s', 'just now', 'now'],
  [1.9, '1s', 'just now', 'in 1s'],
  [190, '3m 10s', 'just now', 'in 3m 10s'],
])('a moment %d seconds from now', (seconds, long, before, after) => {
  expect([span(at(seconds), NOW), ago(at(seconds), NOW), ahead(at(seconds), NOW)]).toEqual([long, before, after]);
});
