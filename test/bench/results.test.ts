import { expect, test } from '@jest/globals';
import { compare } from '../../bench/compare.js';
import { betweenMarks, section } from '../../bench/docs.js';
import { readOptions } from '../../bench/options.js';
import { newest, readResults, type Result } from '../../bench/results.js';
import { SCENARIOS } from '../../bench/scenarios.js';
import { summary } from '../../bench/statistics.js';
import { written } from '../../bench/tables.js';

const result = (values: readonly number[], more: Partial<Result> = {}): Result => ({
  at: '2026-11-27T14:00:00.000Z',
  size: 'usual',
  machine: '2 cores',
  golive: '0.1.0+abc (1234567)',
  node: 'v20.20.2',
  server: '1.32.0',
  sdk: '1.24.0',
  load: [0.1, 1.25],
  scenario: 'abort',
  measure: 'abort sent',
  of: 'golive',
  unit: 'ms',
  ...summary(values),
  ...more,
});

test('the short form leaves out what takes long, unless it is named', () => {
  const names = (args: readonly string[]) => readOptions(args, SCENARIOS).scenarios.map(({ name }) => name);
  const long = SCENARIOS.filter(({ takesLong }) => takesLong).map(({ name }) => name);
  expect(names(['--quick'])).toEqual(names([]).filter((name) => !long.includes(name)));
  expect(names(['--quick', '--only', long.join()])).toEqual(long);
  expect(long).not.toEqual([]);
});

test('results that can’t be read are told in a sentence', async () => {
  await expect(readResults('no-such-folder/results.jsonl')).rejects.toThrow(
    /^There are no results to read in no-such-folder\/results\.jsonl: ENOENT/,
  );
});

test('a comparison names what moved with both intervals, and how many were looked at', () => {
  const before = [result([100, 101, 102]), result([40, 41, 42], { of: 'twin' })];
  const after = [result([140, 141, 142]), result([40, 41, 43], { of: 'twin' }), result([1, 2, 3], { measure: 'new' })];
  expect(compare(before, after)).toEqual([
    'abort: load 0.1 to 1.3 then, 0.1 to 1.3 now',
    'abort: abort sent (golive): more, 101 ms (100 ms to 102 ms) → 141 ms (140 ms to 142 ms)',
    "1 of 2 measures moved beyond their noise; 1 can't be judged: not there before, or too few values.",
  ]);
});

test('of two times nothing is said, of one count it is', () => {
  const before = [result([100, 101]), result([100], { measure: 'events', unit: '' })];
  const after = [result([200, 201]), result([200], { measure: 'events', unit: '' })];
  const told = compare(before, after).filter((line) => line.includes('more'));
  expect(told).toEqual(['abort: events (golive): more, 100 (100 to 100) → 200 (200 to 200)']);
});

test('a comparison says first what makes the two hard to compare', () => {
  const [said] = compare([result([1, 2, 3], { machine: '64 cores' })], [result([1, 2, 3])]);
  expect(said).toBe('not the same machine: 64 cores then, 2 cores now');
});

test('it is the last run of each scenario that counts, whatever the others have measured later', () => {
  const late = { at: '2026-11-28T14:00:00.000Z' };
  const results = [result([1]), result([2], { scenario: 'cost' }), result([3], late)];
  expect(newest(results)).toEqual(results.slice(1));
});

test('the page says first that the machine had other things to do, when it had', () => {
  const words = '**Measured beside other work**: a load of 7.3 on 2 cores';
  expect(section(SCENARIOS, [result([1], { load: [7.3, 9] })]).startsWith(words)).toBe(true);
  expect(section(SCENARIOS, [result([1], { load: [0.3, 9] })])).not.toContain('other work');
});

test('the page has a table for each scenario that was measured, with its conditions, between the marks and nowhere else', () => {
  const inside = section(SCENARIOS, [result([100, 120]), result([40, 44], { of: 'twin' })]);
  expect(inside).toContain('### Abort\n');
  expect(inside).toContain('| abort sent | 100 ms | 120 ms | 120 ms | 40.0 ms | 44.0 ms | 44.0 ms | 2 |');
  expect(inside).toContain('load 0.1 to 1.3, 2026-11-27 14:00 UTC: 2 cores; golive 0.1.0+abc (1234567)');
  const page = betweenMarks(
    'before\n<!-- npm run bench -- --write-docs writes what follows -->\nold\n<!-- and ends here -->\nafter',
    inside,
  );
  expect(page).not.toContain('old');
  expect([page.startsWith('before\n<!--'), page.endsWith('-->\nafter')]).toEqual([true, true]);
  expect(() => betweenMarks('no marks', inside)).toThrow('was to have the lines');
});

test.each([
  [1234.4, 'ms', '1234 ms'],
  [59.94, 'ms', '59.9 ms'],
  [0.123, '%', '0.12 %'],
  [29, '', '29'],
  [-12.34, 'MiB', '-12.3 MiB'],
] as const)('%d %s is written as %s', (value, unit, expected) => {
  expect(written(value, unit)).toBe(expected);
});

test.each([
  [['--only', 'abort, cost'], { size: 'usual', names: ['cost', 'abort'] }],
  [['--quick', '--only', 'events'], { size: 'quick', names: ['events'] }],
])('%j asks for %j', (args, { size, names }) => {
  const options = readOptions(args, SCENARIOS);
  expect([options.size, options.scenarios.map(({ name }) => name).sort()]).toEqual([size, [...names].sort()]);
});

test.each([
  [['--only', 'abrot'], 'No scenario "abrot". There are: '],
  [['--quick', '--full'], 'not both'],
  [['--runs', '0'], '--runs is a number from 1 on, not "0"'],
  [['--runs', 'many'], '--runs is a number from 1 on, not "many"'],
])('%j is refused', (args, why) => {
  expect(() => readOptions(args, SCENARIOS)).toThrow(why);
});
