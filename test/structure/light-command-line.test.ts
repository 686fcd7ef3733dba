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

/** A sentence for each that is loaded and may not be; none for what comes with it. */
const tooMuch = (what: string, loaded: Map<string, string[]>, mayBe: (name: string) => boolean): string[] =>
  [...loaded]
    .filter(([, way]) => !mayBe(way.at(-1) ?? '') && way.slice(0, -1).every(mayBe))
    .map(
      ([name, way]) =>
        `${what} loads ${name}, by ${way.join(' → ')}. ${name.startsWith('@temporalio/') ? 'Take what is needed of it from temporal/sdk.ts, which reads its files once' : 'Load it where it is used, with an import() in the function, or take what is needed here to a file without it'}.`,
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

const STATUS =
  /^(?:version|home|durable-file|make-directory|workflows\/people\/messages|(?:cli|domain|temporal)\/.*)\.c?js$/;
/** Its schemas are zod's. */
const SCHEMAS = /^domain\/(?:plan\/playbook(?:\/.*)?|run\/input)\.js$/;

test('golive status loads no package but Temporal’s, which temporal/sdk.ts requires, and no schema', () => {
  const mayBe = (name: string) => STATUS.test(name) && !SCHEMAS.test(name);
  expect(tooMuch('golive status', loadedWith('cli/actions/status.js'), mayBe)).toEqual([]);
});

const WORKER = /^@temporalio\/(?:worker|core-bridge|testing)$/;
/** They have a worker, which imports all of Temporal's packages anyway. */
const WITH_WORKER = ['up.js', 'worker.js'];

test('what a command does takes Temporal’s packages from temporal/sdk.ts, for an import reads them twice, and loads a worker only when it begins one', () => {
  const actions = readdirSync(path.join(root, 'cli/actions')).filter((file) => file.endsWith('.js'));
  expect(actions.length).toBeGreaterThan(20);
  for (const action of actions) {
    const mayBe = (name: string) =>
      WITH_WORKER.includes(action) ? !WORKER.test(name) : !name.startsWith('@temporalio/');
    expect(tooMuch(action, loadedWith(`cli/actions/${action}`), mayBe)).toEqual([]);
  }
});
