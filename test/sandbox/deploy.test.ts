import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.js';
import { get, until, versions } from './fleet-probes.js';
import { freshDirectory } from './fresh-directory.js';
import { deployCommand, rollbackCommand, runCommand } from './run-command.js';

describe('deploy.sh on a fleet of ten', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({ dir: await freshDirectory(), traffic: 40, deployPaceMs: 0 });
  });
  afterAll(() => sandbox.stop());

  const releases = async (): Promise<string[]> => (await sandbox.slots()).slots.map((slot) => slot.release);
  const starts = (): number => sandbox.journal().filter((entry) => entry.event === 'start').length;

  test('before the first deploy the canary address reaches nobody', async () => {
    expect((await get(`${sandbox.info.canaryUrl}/health`)).status).toBe(503);
    expect(await versions(sandbox.info.url, 10)).toEqual({ 'RC.2': 10 });
  });

  test('an offer is a commit: the tree stays clean, and the previous release keeps a work tree', async () => {
    expect(await sandbox.offer('RC.3')).toEqual({ candidate: 'RC.3', previous: 'RC.2' });
    expect(await runCommand(sandbox, ['git', 'status', '--short'])).toEqual({ code: 0, stdout: '', stderr: '' });
    expect((await runCommand(sandbox, ['git', 'branch', '--show-current'])).stdout).toBe('main\n');
    expect((await runCommand(sandbox, ['cat', 'RELEASE'], {}, sandbox.info.previousCheckout)).stdout).toBe('RC.2\n');
  });

  test.each([
    [10, 1],
    [25, 3],
    [100, 10],
  ])('%i %% leaves %i instances on the candidate, counted from outside', async (batch, expected) => {
    const before = starts();
    const { code, stdout } = await runCommand(sandbox, deployCommand(batch));
    expect([code, stdout.split('\n').at(-2)]).toEqual([0, 'deploy to RC.3: done']);
    expect(starts()).toBe(before + 1);
    // The traffic takes turns as well, so the tally is exact only over the slots.
    expect((await releases()).filter((release) => release === 'RC.3')).toHaveLength(expected);
    expect((await versions(sandbox.info.url, 40))['RC.3']).toBeGreaterThan(0);
    expect(await versions(sandbox.info.canaryUrl, 10)).toEqual({ 'RC.3': 10 });
  });

  test('a batch that is already there replaces nothing', async () => {
    expect((await runCommand(sandbox, deployCommand(25))).stdout).toContain('0 instance(s) to replace');
  });

  test('a rollback puts every instance back; an unknown tag changes nothing', async () => {
    const unknown = await runCommand(sandbox, rollbackCommand('RC.1'));
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toContain("unknown release 'RC.1'; there are RC.2, RC.3");
    expect(await versions(sandbox.info.url, 10)).toEqual({ 'RC.3': 10 });
    expect((await runCommand(sandbox, rollbackCommand('RC.2'))).code).toBe(0);
    expect(await versions(sandbox.info.url, 10)).toEqual({ 'RC.2': 10 });
    expect(await versions(sandbox.info.canaryUrl, 3)).toEqual({ 'RC.2': 3 });
  });

  test('none of it showed in the traffic', async () => {
    await until('some traffic', async () => (await sandbox.traffic()).requests > 20);
    const { byStatus, failed } = await sandbox.traffic();
    expect([Object.keys(byStatus), failed]).toEqual([['200'], 0]);
  });

  test('wrong arguments are a usage error that no journal counts', async () => {
    const before = starts();
    const { code, stderr } = await runCommand(sandbox, ['./deploy.sh', '--env', 'prod']);
    expect(code).toBe(2);
    expect(stderr).toContain('usage: ./deploy.sh');
    expect(starts()).toBe(before);
  });

  test('TERM ends a hanging deploy with 143, and its journal says so', async () => {
    await sandbox.offer('RC.H', [{ way: 'deploy-hangs' }]);
    const [file = '', ...args] = deployCommand(25);
    const hanging = spawn(file, args, { cwd: sandbox.info.checkout, stdio: ['ignore', 'pipe', 'ignore'] });
    let output = '';
    hanging.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
    await until('the deploy hangs', () => output.includes('waiting for'));
    const exit = once(hanging, 'exit');
    hanging.kill('SIGTERM');
    await exit;
    expect(hanging.exitCode).toBe(143);
    expect(sandbox.journal().at(-1)).toMatchObject({ event: 'end', exitCode: 143 });
    expect((await releases()).filter((release) => release === 'RC.H')).toHaveLength(2);
    expect((await runCommand(sandbox, rollbackCommand('RC.2'))).code).toBe(0);
  });

  test('two beside each other are journalled as an overlap, a killed one is not', async () => {
    await sandbox.offer('RC.4', [{ way: 'deploy-hangs', ignoresTerm: true }]);
    const [file = '', ...args] = deployCommand(10);
    const hanging = spawn(file, args, { cwd: sandbox.info.checkout, stdio: ['ignore', 'pipe', 'ignore'] });
    let output = '';
    hanging.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
    await until('the deploy hangs', () => output.includes('waiting for'));
    hanging.kill('SIGTERM');
    expect((await runCommand(sandbox, rollbackCommand('RC.2'))).stderr).toContain('1 other deploy.sh running');
    expect(sandbox.journal().filter((entry) => entry.event === 'overlap')).toHaveLength(1);
    expect(hanging.exitCode).toBeNull();
    const exit = once(hanging, 'exit');
    hanging.kill('SIGKILL');
    await exit;
    expect((await runCommand(sandbox, rollbackCommand('RC.2'))).code).toBe(0);
    expect(sandbox.journal().filter((entry) => entry.event === 'overlap')).toHaveLength(1);
  });
});
