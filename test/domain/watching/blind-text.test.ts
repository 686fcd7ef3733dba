import { expect, test } from '@jest/globals';
import { latest, blindText, gapTexts } from '../../../src/domain/watching/blind-text.js';

test('what has one reason is told once, since the first of them', () => {
  const blind = [
    { check: 'health', target: 'service', since: 0, why: 'no worker has reported' },
    { check: 'p95', target: 'canary', since: 30_000, why: 'ECONNREFUSED' },
    { check: 'ready', target: 'service', since: 1_000, why: 'no worker has reported' },
  ];
  expect(blindText(blind, 60_000)).toBe(
    'health, ready at service for 1m (no worker has reported); p95 at canary for 30s (ECONNREFUSED)',
  );
});

test('so is what was blind until now', () => {
  const gaps = [
    { check: 'health', target: 'service', from: 1_000, to: 5_000 },
    { check: 'ready', target: 'service', from: 0, to: 4_000 },
  ];
  expect(gapTexts(gaps)).toEqual([
    'no readings of health, ready at service for 5s, from 1970-01-01 00:00:00Z to 1970-01-01 00:00:05Z',
  ]);
});

test('of many gaps the latest stand in the status', () => {
  const gaps = Array.from({ length: 250 }, (_, number) => number);
  expect(latest(gaps)).toEqual(gaps.slice(50));
  expect(latest([1, 2])).toEqual([1, 2]);
});
