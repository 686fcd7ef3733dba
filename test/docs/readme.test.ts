import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../', import.meta.url));

test('the example of running one file runs one', async () => {
  const [, pattern] = /one file of them: `npm test -- (\S+)`/.exec(await readFile(`${root}README.md`, 'utf8')) ?? [];
  expect(pattern).toBeDefined();
  const jest = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--listTests', pattern!];
  const { stdout } = await run(process.execPath, jest, { cwd: root });
  expect(stdout.trim().split('\n')).toHaveLength(1);
  expect(stdout).toMatch(/\.test\.js\n$/);
});
