import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { manifestTime } from '../../../src/domain/backup/backup-manifest.js';
import { runs } from '../../support/property-runs.js';

const NOW = Date.parse('2026-11-23T09:00:00Z');
const MADE = Date.parse('2026-11-23T08:39:09Z');
const REAL = {
  timestamp: '20261123T083909Z',
  schema_rev: '0037_s12_reports_cost_snapshot',
  row_counts: { tenants: 2, stock_items: 41 },
  files: [{ name: 'tenants.jsonl', sha256: 'a'.repeat(64), rows: 2 }],
};
const time = (text: string) => manifestTime(text, NOW);

test('a manifest says when its backup was made, or does not say it', () => {
  expect(time(JSON.stringify(REAL))).toBe(MADE);
  expect(time('{}')).toBeUndefined();
  expect(time('{"files":[]}')).toBeUndefined();
  // The clocks of two hosts are never the same.
  expect(time('{"timestamp":"20261123T090400Z"}')).toBe(NOW + 240_000);
});

describe('no manifest is', () => {
  test.each([
    ['nothing', '', 'JSON'],
    ['half of one', '{"timestamp":"2026', 'JSON'],
    ['null', 'null', 'not a backup manifest'],
    ['a list', '[]', 'not a backup manifest'],
    ['a number', '3', 'not a backup manifest'],
    ['a word', '"20261123T083909Z"', 'not a backup manifest'],
    ['one with a number for its time', '{"timestamp":1795423149}', 'not a backup manifest'],
    ['one with null for its time', '{"timestamp":null}', 'not a backup manifest'],
    [
      'one with a time in no zone',
      '{"timestamp":"2026-11-23T08:39:09"}',
      `its timestamp "2026-11-23T08:39:09" can't be read`,
    ],
    ['one with rubbish for its time', '{"timestamp":"monday 1"}', "can't be read"],
    ['one with two times', '{"timestamp":"20261101T000000Z","timestamp":"20261123T083909Z"}', 'duplicate key'],
    ['one of tomorrow', '{"timestamp":"20261124T083909Z"}', 'its timestamp "20261124T083909Z" lies in the future'],
    ['lists in lists', '['.repeat(500_000) + ']'.repeat(500_000), 'not a backup manifest'],
  ])('%s', (_, text, words) => {
    expect(() => time(text)).toThrow(words);
    expect(() => time(text)).toThrow(SyntaxError);
  });
});

test('a real manifest that is cut, reordered, renamed, doubled or huge gives its time, none, or a sentence', () => {
  const real = JSON.stringify(REAL);
  const tokens: string[] = real.match(/"[^"]*"|\d+|[[\]{}:,]/g) ?? [];
  const at = fc.nat(tokens.length - 1);
  const mutated = fc.oneof(
    fc.nat(real.length).map((end) => real.slice(0, end)),
    fc.shuffledSubarray(Object.entries(REAL)).map((entries) => JSON.stringify(Object.fromEntries(entries))),
    fc.tuple(at, at).map(([one, other]) => tokens.with(one, tokens[other] ?? '').join('')),
    at.map((one) => tokens.toSpliced(one, 1).join('')),
    fc.constantFrom('', 'x', 'Z').map((more) => real.replace('083909Z', `083909Z${more}`)),
    fc
      .constantFrom(1, 5_000)
      .map((times) => JSON.stringify({ ...REAL, files: Array.from({ length: times }, () => REAL.files).flat() })),
    fc.constantFrom(real + real, real.replace('{', `{"timestamp":"20261101T000000Z",`)),
  );
  fc.assert(
    fc.property(mutated, (text) => {
      let said;
      try {
        said = time(text);
      } catch (error) {
        expect(error).toBeInstanceOf(SyntaxError);
        return;
      }
      expect(said).toBe(Object.hasOwn(JSON.parse(text) as object, 'timestamp') ? MADE : undefined);
    }),
    runs(),
  );
});
