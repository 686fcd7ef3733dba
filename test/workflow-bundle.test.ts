import { execFile } from 'node:child_process';
import { appendFile, cp, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { thorough } from './support/thorough.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));

let folder: string;
let bundle: string;
let recipe: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'golive-bundle-'));
  const compiled = path.join(folder, 'dist/src');
  await cp(path.join(root, 'dist/src'), compiled, {
    recursive: true,
    filter: (file) => !path.basename(file).startsWith('workflow-bundle.code'),
  });
  await cp(path.join(root, 'package.json'), path.join(folder, 'package.json'));
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  bundle = path.join(compiled, 'workflow-bundle.code.js');
  recipe = path.join(compiled, 'workflow-bundle.inputs.json');
  await build();
});
afterAll(() => rm(folder, { recursive: true }));

const build = () => run(process.execPath, [path.join(folder, 'dist/src/build-workflow-bundle.js')]);
const read = () => readFile(bundle, 'utf8');

test('a bundle of the same files is kept', async () => {
  const before = await stat(bundle);
  await build();
  expect((await stat(bundle)).ino).toBe(before.ino);
});

thorough('a change in a folder within a folder reaches it', async () => {
  await appendFile(path.join(folder, 'dist/src/domain/plan/playbook/bound.js'), '\nglobalThis.changedRule = true;\n');
  await build();
  expect(await read()).toContain('globalThis.changedRule = true;');
});

thorough('a dependency of another version makes it anew', async () => {
  const text = await readFile(recipe, 'utf8');
  const { inputs } = JSON.parse(text) as { inputs: Record<string, string> };
  const sdk = Object.keys(inputs).find((file) => file.endsWith('node_modules/@temporalio/workflow/lib/workflow.js'))!;
  await writeFile(recipe, text.replace(inputs[sdk]!, 'another'));
  await build();
  expect(JSON.parse(await readFile(recipe, 'utf8'))).toMatchObject({ inputs: { [sdk]: inputs[sdk] } });
});
