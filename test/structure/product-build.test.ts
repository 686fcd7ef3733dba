import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from '@jest/globals';
import { thorough } from '../support/thorough.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../', import.meta.url));

thorough('the build of the product takes in src alone: the image ships no tests and no sandbox', async () => {
  const { stdout } = await run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'src', '--listFilesOnly'], {
    cwd: root,
  });
  const own = stdout.split('\n').filter((file) => file.startsWith(root) && !file.includes('/node_modules/'));
  expect(own).toContain(`${root}src/worker.ts`);
  expect(own.filter((file) => !file.startsWith(`${root}src/`))).toEqual([]);
});
