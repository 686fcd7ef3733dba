import { afterEach, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { Agent as HttpAgent, request } from 'node:http';
import { join } from 'node:path';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../sandbox/sandbox.js';
import { get, logIn, until, versions } from './fleet-probes.js';
import { freshDirectory } from './fresh-directory.js';
import { runCommand } from './run-command.js';

/** Whether a process runs. A zombie doesn't: who should have waited for it is dead as well. */
const isAlive = (pid: number): boolean => {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.startsWith('Z');
};

/** Every process of a sandbox: the agent, and what it says of its instances, balancer and traffic. */
async function processesOf(sandbox: Sandbox): Promise<number[]> {
  const { stdout } = await runCommand(sandbox, ['ps', '-A', '-o', 'pid=,ppid=']);
  const pairs = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  return [sandbox.info.pid, ...pairs.filter(([, parent]) => parent === sandbox.info.pid).map(([pid = 0]) => pid)];
}

describe("a sandbox's processes", () => {
  let running: Sandbox[] = [];
  const start = async (options: Partial<SandboxOptions> = {}): Promise<Sandbox> => {
    const sandbox = await startSandbox({ dir: await freshDirectory(), instances: 8, traffic: 5, ...options });
    running.push(sandbox);
    return sandbox;
  };
  afterEach(async () => {
    await Promise.all(running.map((sandbox) => sandbox.stop()));
    running = [];
  });

  test('eight instances, a balancer, traffic and the agent; all end with a stop, and sandbox.json goes', async () => {
    const sandbox = await start();
    const pids = await processesOf(sandbox);
    expect(new Set((await sandbox.fleet()).instances.map((instance) => instance.pid)).size).toBe(8);
    expect(pids.length).toBeGreaterThanOrEqual(1 + 8 + 1 + 1);
    expect(JSON.parse(readFileSync(join(sandbox.info.dir, 'sandbox.json'), 'utf8'))).toEqual(sandbox.info);
    await sandbox.stop();
    expect(pids.filter(isAlive)).toEqual([]);
    expect(existsSync(join(sandbox.info.dir, 'sandbox.json'))).toBe(false);
  });

  test('none outlives a kill -9 of the agent, and the directory can be used again', async () => {
    const sandbox = await start();
    const pids = await processesOf(sandbox);
    process.kill(sandbox.info.pid, 'SIGKILL');
    await until('every process is gone', () => !pids.some(isAlive));
    const again = await start({ dir: sandbox.info.dir, release: 'RC.5' });
    expect(await versions(again.info.url, 8)).toEqual({ 'RC.5': 8 });
    expect((await again.offer('RC.6')).previous).toBe('RC.5');
  });

  test('an instance that dies is started again on its own port, with its own release', async () => {
    const sandbox = await start();
    const before = (await sandbox.fleet()).instances[3];
    process.kill(before?.pid ?? 0, 'SIGKILL');
    await until('the instance is back', async () => {
      const now = (await sandbox.fleet()).instances[3];
      return now?.ready === true && now.inBalancer && now.pid !== before?.pid;
    });
    expect((await sandbox.fleet()).instances[3]).toMatchObject({ port: before?.port, release: 'RC.2', starts: 2 });
    expect((await sandbox.fleet()).newest).toBeNull();
  });

  test('an instance that is replaced first answers what it was asked', async () => {
    const sandbox = await start({ traffic: 0 });
    const token = await logIn(sandbox);
    await sandbox.setReleaseBad('RC.2', [{ way: 'slow', addMs: 500 }]);
    await until('the instances are slow', async () =>
      (await sandbox.fleet()).instances.every((instance) => instance.bad.length > 0),
    );
    // One request for each of the eight instances, all of them still in flight when the first is taken out.
    const answers = Array.from({ length: 8 }, () => get(`${sandbox.info.url}/aris3/stock`, token));
    const replacement = sandbox.replace(0, 'RC.3');
    expect((await Promise.all(answers)).map((answer) => answer.status)).toEqual(Array.from({ length: 8 }, () => 200));
    expect(await replacement).toMatchObject({ slot: 0, from: 'RC.2', to: 'RC.3', healthy: true });
  });

  test('a second agent in the same directory is refused, with what to do; so is a fleet too small for percentages', async () => {
    const sandbox = await start();
    await expect(startSandbox({ dir: sandbox.info.dir })).rejects.toThrow(/already runs in .* Stop it \(kill \d+\)/);
    await expect(startSandbox({ dir: await freshDirectory(), instances: 3 })).rejects.toThrow('at least 8 instances');
  });

  test('tokens are valid on all instances; wrong, missing and old ones get the answers of ARIS3', async () => {
    const sandbox = await start({ tokenTtlSeconds: 3 });
    const stock = `${sandbox.info.url}/aris3/stock`;
    const token = await logIn(sandbox);
    const statuses: number[] = [];
    for (let call = 0; call < 8; call += 1) statuses.push((await get(stock, token)).status);
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(await get(stock)).toMatchObject({
      status: 401,
      body: { code: 'INVALID_TOKEN', message: 'Invalid token', details: null },
    });
    expect((await get(stock, `${token}x`)).status).toBe(401);
    await until('the token is too old', async () => (await get(stock, token)).status === 401);
  });

  test('a connection that is kept alive stays with one instance; fresh ones go round', async () => {
    const sandbox = await start({ traffic: 0 });
    await sandbox.replace(0, 'RC.3');
    expect(await versions(sandbox.info.url, 16)).toEqual({ 'RC.2': 14, 'RC.3': 2 });
    const agent = new HttpAgent({ keepAlive: true, maxSockets: 1 });
    const seen = new Set<string>();
    for (let probe = 0; probe < 16; probe += 1) {
      seen.add(
        await new Promise<string>((resolve, reject) => {
          request(`${sandbox.info.url}/health`, { agent }, (response) => {
            let text = '';
            response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
            response.on('end', () => resolve((JSON.parse(text) as { version: string }).version));
          })
            .on('error', reject)
            .end();
        }),
      );
    }
    agent.destroy();
    expect(seen.size).toBe(1);
  });
});
