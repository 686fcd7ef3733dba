import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../', import.meta.url));

test('every test file belongs to a project, in the campaign', async () => {
  const tests = path.join(root, 'dist/test');
  const all = readdirSync(tests, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.test.js'));
  const jest = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--listTests'];
  const { stdout } = await run(process.execPath, jest, { cwd: root, env: { ...process.env, GOLIVE_CAMPAIGN: '1' } });
  const listed = stdout.trim().split('\n');
  expect(all.map((file) => path.join(tests, file)).filter((file) => !listed.includes(file))).toEqual([]);
});
