import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import ts from 'typescript';
import { messages } from '../../src/domain/plan/playbook/messages.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const doc = readFileSync(path.join(root, 'docs/operate.md'), 'utf8');

interface Question {
  readonly id?: string;
  readonly choices?: readonly string[];
}

/** The holds of one file of the workflows: each literal with an id and choices, or with one of them where the other is added to it. */
function questionsIn(file: string): [id: string, choice: string][] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const constants = new Map<string, string>();
  const found: Question[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.initializer && ts.isStringLiteral(node.initializer))
      constants.set(node.name.getText(), node.initializer.text);
    if (ts.isObjectLiteralExpression(node)) {
      const of = (name: string) =>
        node.properties.find((each) => ts.isPropertyAssignment(each) && each.name.getText() === name) as
          ts.PropertyAssignment | undefined;
      const [id, choices] = [of('id')?.initializer, of('choices')?.initializer];
      if (choices) found.push({ ...(id ? { id: idOf(id) } : {}), choices: choicesOf(choices) });
      else if (id && (ts.isStringLiteral(id) || ts.isIdentifier(id))) found.push({ id: idOf(id) });
    }
    ts.forEachChild(node, visit);
  };
  const idOf = (node: ts.Node): string =>
    ts.isStringLiteral(node)
      ? node.text
      : (constants.get(node.getText()) ??
        node
          .getText()
          .replaceAll('`', '')
          .replaceAll(/\$\{[^}]*\}/g, '*'));
  visit(source);
  const [loose, unasked] = [found.filter(({ id }) => id === undefined), found.filter(({ choices }) => !choices)];
  return found
    .flatMap(({ id, choices = [] }) => {
      if (id !== undefined && choices.length > 0) return choices.map((choice): [string, string] => [id, choice]);
      if (id !== undefined || unasked.length === 0) return [];
      return unasked.flatMap((each) => choices.map((choice): [string, string] => [each.id ?? '', choice]));
    })
    .concat(loose.length > 0 && unasked.length === 0 ? [['nobody knows of which hold', file]] : []);
}

/** Text, or a way out that depends on how far the run is. */
function choicesOf(node: ts.Node): string[] {
  const all: string[] = [];
  const visit = (each: ts.Node): void => {
    if (ts.isStringLiteral(each)) all.push(each.text);
    else if (/wayOut(\(\))?$/.test(each.getText())) all.push('way out');
    else ts.forEachChild(each, visit);
  };
  visit(node);
  return all;
}

const folder = path.join(root, 'src/workflows');
const asked = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .flatMap((file) => questionsIn(path.join(folder, file)));

const inDoc = [...doc.matchAll(/^\| `([^`|]+)` +\| [^|]+ \| ([^|]+) \|$/gm)]
  .filter(([, , choices = '']) => /`[a-z-]+`:|_way out_/.test(choices))
  .flatMap(([, id = '', choices = '']) =>
    [...choices.matchAll(/`([a-z-]+)`:|_(way out)_/g)].map(([, choice, wayOut]) => [
      id.replaceAll(/<[^>]*>/g, '*'),
      choice ?? wayOut ?? '',
    ]),
  );

test('every hold with each of its choices is told, and no other', () => {
  const texts = (pairs: readonly (readonly string[])[]) => [...new Set(pairs.map((pair) => pair.join(': ')))].sort();
  expect(asked.length).toBeGreaterThan(40);
  expect(texts(inDoc)).toEqual(texts(asked));
});

test('every message is told, and no other', () => {
  const [, section = ''] = /^## Messages\n([^]*?)^## /m.exec(doc) ?? [];
  const told = [...section.matchAll(/^\| [^|]+ \| ([^|]+) \|/gm)].flatMap(([, events = '']) =>
    [...events.matchAll(/`(\w+)`/g)].map(([, event]) => event),
  );
  expect(told.sort()).toEqual(Object.keys(messages.shape).sort());
});

test.each(['operate', 'faq', 'glossary'])('docs/%s.md has no long paragraph, and the README leads to it', (name) => {
  const text = readFileSync(path.join(root, `docs/${name}.md`), 'utf8').replaceAll(/^```[^]*?^```$/gm, '');
  const paragraphs = text.replaceAll(/^\|.*$/gm, '').split(/\n\s*\n/);
  expect(paragraphs.filter((each) => each.trim().split('\n').length > 8)).toEqual([]);
  expect(readFileSync(path.join(root, 'README.md'), 'utf8')).toContain(`(docs/${name}.md)`);
});

test('every word of the design is in the glossary', () => {
  const [, words = ''] =
    /^## 2\. Words\n([^]*?)^## /m.exec(readFileSync(path.join(root, 'docs/design.md'), 'utf8')) ?? [];
  const glossary = readFileSync(path.join(root, 'docs/glossary.md'), 'utf8').toLowerCase();
  const defined = [...words.matchAll(/\*\*([^*]+)\*\*/g)].map(([, word = '']) => word.toLowerCase());
  expect(defined.length).toBeGreaterThan(10);
  expect(defined.filter((word) => !glossary.includes(`| ${word} `))).toEqual([]);
});
