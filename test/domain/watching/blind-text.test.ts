import { expect, test } from '@jest/globals';
import {
  blindStretches,
  blindText,
  checksText,
  gapTexts,
  latest,
  type BlindCheckTime,
} from '../../../src/domain/watching/blind-text.js';

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

const blind = (check: string, from: number, to?: number, why?: string, target = 'service'): BlindCheckTime => ({
  check,
  target,
  from: new Date(from).toISOString(),
  ...(to === undefined ? {} : { to: new Date(to).toISOString() }),
  ...(why === undefined ? {} : { why }),
});

test.each<[string, BlindCheckTime[], [from: number, to: number | undefined, checks: string, why?: string][]]>([
  ['nothing', [], []],
  ['one', [blind('p95', 0, 9, 'x')], [[0, 9, 'p95 at service', 'x']]],
  [
    'an outage of all',
    [blind('health', 2, 9), blind('ready', 1, 8), blind('health', 3, 10, undefined, 'canary')],
    [[1, 10, '3 checks: ready, health at service; health at canary']],
  ],
  [
    'one after the other at once',
    [blind('health', 0, 5), blind('ready', 5, 9)],
    [[0, 9, '2 checks: health, ready at service']],
  ],
  [
    'a moment between',
    [blind('health', 0, 5), blind('ready', 6, 9)],
    [
      [0, 5, 'health at service'],
      [6, 9, 'ready at service'],
    ],
  ],
  ['the same check twice', [blind('health', 0, 5), blind('health', 5, 9)], [[0, 9, 'health at service']]],
  ['a short one within', [blind('health', 0, 9), blind('ready', 1, 2)], [[0, 9, '2 checks: health, ready at service']]],
  [
    'one that goes on',
    [blind('health', 0, 9), blind('ready', 1), blind('p95', 500)],
    [[0, undefined, '3 checks: health, ready, p95 at service']],
  ],
  [
    'another reason',
    [blind('health', 0, 9, 'x'), blind('p95', 1, 9, 'y'), blind('ready', 2, 9, 'x')],
    [
      [0, 9, '2 checks: health, ready at service', 'x'],
      [1, 9, 'p95 at service', 'y'],
    ],
  ],
])('what was blind in one stretch is one: %s', (_, all, expected) => {
  const told = blindStretches(all).map(({ from, to, checks, why }) => [
    Date.parse(from),
    to === undefined ? undefined : Date.parse(to),
    checksText(checks),
    ...(why === undefined ? [] : [why]),
  ]);
  expect(told).toEqual(expected);
});

test('of many gaps the latest stand in the status', () => {
  const gaps = Array.from({ length: 250 }, (_, number) => number);
  expect(latest(gaps)).toEqual(gaps.slice(50));
  expect(latest([1, 2])).toEqual([1, 2]);
});
