import { expect, test } from '@jest/globals';
import { copyAgainAt, copyIsDue } from '../../../src/domain/evidence/copy-due.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

test.each([
  ['begun just now', {}, 1, 59 * MINUTE, false],
  ['an hour after it began', {}, 1, HOUR, true],
  ['copied, and nothing new', { copied: { at: 0, bytes: 1 } }, 1, 9 * HOUR, false],
  ['copied, and something new, within the hour', { copied: { at: HOUR, bytes: 1 } }, 2, HOUR + 59 * MINUTE, false],
  ['copied, and something new, after an hour', { copied: { at: HOUR, bytes: 1 } }, 2, 2 * HOUR, true],
  ['at the end', { complete: 'whole', copied: { at: HOUR, bytes: 1 } }, 1, HOUR + 1, true],
  ['at an end that was lost', { complete: 'lost' }, 1, 1, true],
  ['failing, not yet again', { complete: 'whole', failing: { since: 0, next: HOUR } }, 1, HOUR - 1, false],
  ['failing, again', { failing: { since: 0, next: HOUR } }, 1, HOUR, true],
])('%s', (_, copied, bytes, now, due) => {
  expect(copyIsDue(copied, bytes, 0, now)).toBe(due);
});

test('what fails is tried again after 10 minutes, and in the end each hour', () => {
  expect(copyAgainAt(0, 0)).toBe(10 * MINUTE);
  expect(copyAgainAt(0, 100 * HOUR)).toBe(101 * HOUR);
});
