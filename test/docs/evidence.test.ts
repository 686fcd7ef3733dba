import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { KINDS } from '../../src/domain/evidence/record.js';

const page = readFileSync('docs/evidence.md', 'utf8');

test('docs/evidence.md has every kind of record, each with an example, and no other', () => {
  const rows = [...page.matchAll(/^\| `(\w+)` +\| (.*) \|$/gm)].slice(1).map(([, kind, text]) => ({ kind, text }));
  expect(rows.map(({ kind }) => kind)).toEqual([...KINDS]);
  for (const { text } of rows) expect(text).toMatch(/`\{".+\}`/);
});
