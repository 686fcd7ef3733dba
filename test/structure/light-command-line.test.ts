import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const run = promisify(execFile);
const COMMANDS = fileURLToPath(new URL('../../src/cli/golive.js', import.meta.url));

test("a command that only asks doesn't load the worker and its native part, which are a third of its start", async () => {
  const script = `
    const { golive } = await import(${JSON.stringify(COMMANDS)});
    golive(false);
    const { createRequire } = await import('node:module');
    console.log(Object.keys(createRequire(${JSON.stringify(COMMANDS)}).cache).join('\\n'));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script]);
  const packages = new Set([...stdout.matchAll(/node_modules\/(@temporalio\/[\w-]+)\//g)].map(([, name]) => name));
  expect(packages).toContain('@temporalio/client');
  for (const heavy of ['@temporalio/worker', '@temporalio/core-bridge', '@temporalio/testing'])
    expect(packages).not.toContain(heavy);
});
