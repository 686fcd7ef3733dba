import { expect, test } from '@jest/globals';
import { outputLines } from '../../../src/cli/watch/output-lines.js';

const lines = Array.from({ length: 10 }, (_, at) => `line ${at + 1}`);
const shown = (rows: number, from: number) =>
  outputLines({ kind: 'output', title: 'deploy, attempt 1', from, lines }, rows).map((line) =>
    line.map((span) => (typeof span === 'string' ? span : span[0])).join(''),
  );

test.each<[string, number, number, string[]]>([
  ['the last lines', 4, 0, ['deploy, attempt 1', 'line 8', 'line 9', 'line 10']],
  ['further up', 4, 2, ['2 lines below. deploy, attempt 1', 'line 6', 'line 7', 'line 8']],
  ['no further than to the first line', 4, 9, ['7 lines below. deploy, attempt 1', 'line 1', 'line 2', 'line 3']],
  ['all where there is room', 20, 3, ['deploy, attempt 1', ...lines]],
  ['only the title', 1, 0, ['deploy, attempt 1']],
  ['nothing where there is no room', 0, 0, []],
])('%s', (_, rows, from, expected) => {
  expect(shown(rows, from)).toEqual(expected);
});
