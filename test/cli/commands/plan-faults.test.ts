import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { golive } from '../golive-process.js';

test.each([
  ['an alias of nothing', 'version: 1\nservice: *nope\n', ':2: *nope has no &nope before it'],
  ['a tag', 'version: 1\nservice: !env NAME\n', ":2: the tag !env isn't read"],
])('golive plan tells %s with file and line, and exits 2', async (_, text, words) => {
  const file = join(await mkdtemp(join(tmpdir(), 'plan-')), 'golive.yaml');
  await writeFile(file, text);
  const { exitCode, stdout, stderr } = await golive(['plan', '--playbook', file], process.env);
  expect(exitCode).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain(file + words);
});
