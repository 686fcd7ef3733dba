import { expect, test } from '@jest/globals';
import { lossText, restoreText, termsText } from '../../../src/domain/rollback/restore-status.js';

const NOW = Date.parse('2026-11-23T09:00:00Z');

test.each([
  ['2026-11-23T08:12:40Z', 'made 47m ago: everything written since then would be lost'],
  ['2026-11-23T08:59:30Z', 'made 30s ago: everything written since then would be lost'],
  ['2026-11-20T09:00:00Z', 'made 72h ago: everything written since then would be lost'],
  ['2026-11-23T09:00:10Z', 'made 1s ago: everything written since then would be lost'],
])('of a backup of %s: %s', (madeAt, text) => {
  expect(lossText(madeAt, NOW)).toBe(text);
});

test('a signed approval is shown as that', () => {
  expect(restoreText({ state: 'approved', detail: 'corrupt', by: 'Lea', signed: true })).toBe(
    'approved by Lea (signed): corrupt',
  );
  expect(restoreText({ state: 'not proposed', detail: 'no backup is known' })).toBe('not proposed: no backup is known');
});

test('who may answer, and what no answer means', () => {
  expect(termsText(['Lea', 'Ivo'], 4 * 3_600_000)).toBe(
    'Only an incident lead may answer: Lea, Ivo. Silence for 4h is a no: the data stay as they are, and the rollback ends without a restore.',
  );
});
