import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import ts from 'typescript';

const root = fileURLToPath(new URL('../../src/', import.meta.url));

/** What a compiled file imports when it is loaded: types are gone, and an `import()` waits until it is reached. */
function importsOf(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(path.join(root, file), 'utf8'), ts.ScriptTarget.Latest);
  return source.statements.flatMap((each) => {
    const from = ts.isImportDeclaration(each) || ts.isExportDeclaration(each) ? each.moduleSpecifier : undefined;
    return from && ts.isStringLiteral(from) && !from.text.startsWith('node:') ? [from.text] : [];
  });
}

/** All that is loaded with these files, own files and packages, each with the way to it. */
function loadedWith(...files: string[]): Map<string, string[]> {
  const loaded = new Map(files.map((file) => [file, [file]]));
  for (const [file, way] of loaded) {
    if (!isFile(file)) continue;
    for (const name of importsOf(file)) {
      const next = name.startsWith('.') ? path.join(path.dirname(file), name) : packageOf(name);
      if (!loaded.has(next)) loaded.set(next, [...way, next]);
    }
  }
  return loaded;
}

const packageOf = (name: string): string => name.split('/', name.startsWith('@') ? 2 : 1).join('/');

/** A sentence for each that is loaded and may not be. */
const tooMuch = (what: string, loaded: Map<string, string[]>, mayBe: (name: string) => boolean): string[] =>
  [...loaded]
    .filter(([name]) => !mayBe(name))
    .map(
      ([name, way]) =>
        `${what} loads ${name}, by ${way.join(' → ')}. Load it where it is used, with an import() in the function, or take what is needed here to a file without it.`,
    );

const isFile = (name: string): boolean => /\.c?js$/.test(name);

test('what is loaded, and the way to it, is found', () => {
  const loaded = loadedWith('plans/playbook-file.js');
  expect(tooMuch('this', loaded, (name) => isFile(name) || name === 'zod')).toEqual([
    expect.stringMatching(/^this loads yaml, by plans\/playbook-file\.js → yaml\. Load it where/),
  ]);
});

/** How commands are said, not what they do. */
const SAID =
  /^(?:version|cli\/(?:main|golive|(?:commands|completion|exit|options|terminal)\/.*)|domain\/(?:text|time)\/.*)\.js$/;
const SAID_TOO = [
  'cli/messages/update-command.js',
  'cli/server/up-ports.js',
  'domain/run/task-queues.js',
  'plans/playbook-file-error.js',
  'receiver/listen-address.js',
  'temporal/deployment.js',
  'temporal/free-port.js',
];

test('golive --help, and so every command, loads how commands are said, commander, and nothing else', () => {
  const mayBe = (name: string) => name === 'commander' || SAID.test(name) || SAID_TOO.includes(name);
  expect(tooMuch('golive --help', loadedWith('cli/main.js'), mayBe)).toEqual([]);
});

test('no command loads a worker, or what tests are made with, before it has to', () => {
  const actions = readdirSync(path.join(root, 'cli/actions')).filter((file) => file.endsWith('.js'));
  expect(actions.length).toBeGreaterThan(20);
  for (const action of actions)
    expect(
      tooMuch(
        `golive ${action.replace('.js', '')}`,
        loadedWith(`cli/actions/${action}`),
        (name) => !/^@temporalio\/(?:worker|core-bridge|testing)$/.test(name),
      ),
    ).toEqual([]);
});
