import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const design = readFileSync(path.join(root, 'docs/design.md'), 'utf8');

/** The numbers that the comments of the code cite, in order. */
function cited(pattern: RegExp): number[] {
  const texts = ['src', 'test', 'sandbox'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.c?ts$/.test(file))
      .map((file) => readFileSync(path.join(root, folder, file), 'utf8')),
  );
  const numbers = texts.flatMap((text) => [...text.matchAll(pattern)].map(([, number]) => Number(number)));
  return [...new Set(numbers)].sort((one, other) => one - other);
}

test('every section of the design that the code cites is there', () => {
  const sections = [...design.matchAll(/^## (\d+)\. /gm)].map(([, number]) => Number(number));
  expect(sections).toEqual(sections.map((_, index) => index + 1));
  const numbers = cited(/\bdesign §(\d+)/g);
  expect(numbers.length).toBeGreaterThan(5);
  expect(numbers.filter((number) => !sections.includes(number))).toEqual([]);
});

test('every promise that the code cites is there', () => {
  const [, promises = ''] = /^## 1\. Promises[^\n]*\n([^]*?)\n## /m.exec(design) ?? [];
  const listed = [...promises.matchAll(/^(\d+)\. /gm)].map(([, number]) => Number(number));
  expect(cited(/\bpromise (\d+)\b/g).filter((number) => !listed.includes(number))).toEqual([]);
  expect(listed).toHaveLength(8);
});

test('every file that the design names is there', () => {
  const named = [...design.matchAll(/`((?:src|test)\/[\w./-]+)`/g)].map(([, file = '']) => file);
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
});

test('no paragraph, list item or block of text is longer than eight lines', () => {
  const text = design.replaceAll(/^```[^]*?^```$/gm, '').replaceAll(/^\|.*$/gm, '');
  const paragraphs = text.split(/\n\s*\n|\n(?=\s*(?:- |\d+\. |#))/).map((each) => each.trim());
  expect(paragraphs.filter((each) => each.split('\n').length > 8)).toEqual([]);
});
