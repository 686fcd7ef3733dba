import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { MOST_BYTES, readOwn } from '../../src/journals/own-file.js';
import { readJournals } from '../../src/journals/read-journals.js';
import { outputsOf } from '../../src/report/outputs.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'own-'));
  await mkdir(join(folder, 'run', 'commands'), { recursive: true });
  await writeFile(join(folder, 'secret'), 'of somebody else');
});
afterEach(() => rm(folder, { recursive: true }));
const at = (...names: string[]) => join(folder, 'run', ...names);

test('what lies in the folder itself is read, also in a folder of it', async () => {
  await writeFile(at('commands', 'a.1.stdout.log'), 'printed');
  expect((await readOwn(at(), 'commands/a.1.stdout.log')).toString()).toBe('printed');
  await expect(readOwn(at(), 'nothing')).rejects.toThrow('ENOENT');
});

test.each<[string, (path: string) => Promise<unknown>]>([
  ['a link', (path) => symlink(join(folder, 'secret'), path)],
  ['a pipe, which has no end', (path) => Promise.resolve(execFileSync('mkfifo', [path]))],
  ['a folder', (path) => mkdir(path)],
  ['a file beyond all measure', async (path) => writeFile(path, '').then(() => truncate(path, MOST_BYTES + 1))],
])('%s is told as a fault of the journals, and not read', async (_, make) => {
  await make(at('seen-1.jsonl'));
  const { journals, faults } = await readJournals(at());
  expect(journals).toEqual([]);
  expect(faults).toMatchObject([{ kind: 'changed', text: expect.stringContaining("seen-1.jsonl can't be read") }]);
});

test('a link in the place of an output brings nothing into a report, nor does one in the place of their folder', async () => {
  const reported = { commands: [{ output: [{ file: 'commands/secret', bytes: 1, sha256: '' }] }] };
  const told = () => outputsOf(reported as never, [at()]);
  await symlink(join(folder, 'secret'), at('commands', 'secret'));
  expect(await told()).toEqual(new Map());
  await rename(at('commands'), at('before'));
  await symlink(folder, at('commands'));
  expect(await told()).toEqual(new Map());
});
