import { execFileSync } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { commandActivities } from '../../../src/activities/commands/commands.js';
import { treeFault } from '../../../src/domain/commands/plain-git.js';
import { ActivityLab } from '../../support/activity-lab.js';
import { aris3Plan } from '../../support/scripted-world.js';

let lab: ActivityLab;
let checkout: string;
/** With no configuration but the test's. */
const git = (...args: string[]) =>
  execFileSync('git', args, {
    cwd: checkout,
    env: { PATH: process.env['PATH'], HOME: lab.folder, GIT_CONFIG_NOSYSTEM: '1' },
    stdio: ['ignore', 'pipe', 'ignore'],
  }).toString();
const put = (name: string, text: string) => writeFile(join(checkout, name), text);

beforeEach(async () => {
  lab = await ActivityLab.open(await aris3Plan(), {});
  checkout = join(lab.folder, 'checkout');
  Object.assign(lab.dependencies.environment, {
    ARIS3_CHECKOUT: checkout,
    OPS_ARTIFACTS_DIR: lab.folder,
    HOME: lab.folder,
  });
  await mkdir(checkout);
  git('init', '--quiet', '--initial-branch', 'main');
  git('config', 'user.email', 'ana@example.org');
  git('config', 'user.name', 'Ana');
  await put('app.py', 'print(1)\n');
  git('add', '.');
  git('commit', '--quiet', '--message', 'first');
});
afterEach(() => lab.close());

/** What the step of the plan, `git status --short`, says of the tree. */
async function fault(): Promise<string | undefined> {
  const activities = commandActivities({ ...lab.dependencies, taskQueue: 'golive' });
  const run = { planHash: lab.planHash, environment: 'prod', firstExecutionRunId: 'run-1', originalRunId: 'run-1' };
  await lab.run(activities.authorise, { ...run, commands: [{ step: 'clean-tree', generation: 1 }] });
  const report = await lab.run(activities.runCommand, { ...run, step: 'clean-tree', generation: 1, values: {} });
  expect(report).toMatchObject({ end: { kind: 'exited', exitCode: 0 }, stderr: '' });
  return treeFault(report);
}

test.each<[string, readonly (readonly [string, string])[]]>([
  ['a header', [['status.branch', 'true']]],
  [
    'colours and a header',
    [
      ['color.ui', 'always'],
      ['color.status', 'always'],
      ['status.branch', 'true'],
    ],
  ],
  [
    'another form, and columns',
    [
      ['status.short', 'false'],
      ['column.ui', 'always'],
      ['alias.status', '!echo dirty'],
    ],
  ],
])('a clean tree is clean under a configuration that wants %s', async (_, settings) => {
  for (const [key, value] of settings) git('config', '--global', key, value);
  for (const [key, value] of settings) git('config', key, value);
  expect(await fault()).toBeUndefined();
});

test('a hook that prints is no change', async () => {
  await mkdir(join(lab.folder, 'hooks'));
  await writeFile(join(lab.folder, 'hooks', 'post-index-change'), '#!/bin/sh\necho HOOK\n');
  await chmod(join(lab.folder, 'hooks', 'post-index-change'), 0o755);
  git('config', 'core.hooksPath', join(lab.folder, 'hooks'));
  await put('app.py', 'print(1)\n');
  expect(await fault()).toBeUndefined();
});

test('an untracked file is one, though the configuration hides it', async () => {
  await put('new.py', '');
  git('config', 'status.showUntrackedFiles', 'no');
  expect(git('status', '--short')).toBe('');
  expect(await fault()).toBe('not clean: ?? new.py');
});

test("a file that only a user's own ignores hide", async () => {
  await put('new.log', '');
  await writeFile(join(lab.folder, 'ignores'), '*.log\n');
  git('config', '--global', 'core.excludesFile', join(lab.folder, 'ignores'));
  expect(git('status', '--short')).toBe('');
  expect(await fault()).toBe('not clean: ?? new.log');
});

test('a change that a file monitor keeps to itself', async () => {
  const monitor = join(lab.folder, 'monitor');
  await writeFile(monitor, '#!/bin/sh\nprintf "token\\0"\n');
  await chmod(monitor, 0o755);
  git('config', 'core.fsmonitor', monitor);
  git('status', '--short');
  git('status', '--short');
  await put('app.py', 'print(2222)\n');
  expect(await fault()).toBe('not clean: M app.py');
});
