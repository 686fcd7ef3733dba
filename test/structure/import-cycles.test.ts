import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import ts from 'typescript';

const root = fileURLToPath(new URL('../../../src/', import.meta.url));

/** Each source file with those it imports, types too. */
function imports(): Map<string, string[]> {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => /\.[cm]?ts$/.test(file));
  return new Map(
    files.map((file) => {
      const { importedFiles } = ts.preProcessFile(readFileSync(path.join(root, file), 'utf8'));
      const own = importedFiles.filter(({ fileName }) => fileName.startsWith('.'));
      return [file, own.map(({ fileName }) => path.join(path.dirname(file), fileName).replace(/js$/, 'ts'))];
    }),
  );
}

/** What a file needs, directly or by others. */
function needs(graph: Map<string, string[]>, file: string): Set<string> {
  const found = new Set<string>();
  const open = [...(graph.get(file) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...(graph.get(next) ?? []));
  }
  return found;
}

/** Groups of files of which each needs each other one. */
function circles(graph: Map<string, string[]>): string[][] {
  const needed = new Map([...graph.keys()].map((file) => [file, needs(graph, file)]));
  const inCircle = [...graph.keys()].filter((file) => needed.get(file)?.has(file));
  const groups = new Map<string, string[]>();
  for (const file of inCircle) {
    const group = inCircle.filter((other) => needed.get(file)?.has(other) && needed.get(other)?.has(file)).sort();
    groups.set(group.join(), group);
  }
  return [...groups.values()];
}

test('a circle is found', () => {
  const graph = new Map([
    ['a', ['b']],
    ['b', ['c']],
    ['c', ['b']],
    ['d', ['d']],
  ]);
  expect(circles(graph)).toEqual([['b', 'c'], ['d']]);
});

test('no file imports itself in a circle, types included', () => {
  expect(circles(imports())).toEqual([]);
});
