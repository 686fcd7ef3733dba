import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { connectClient, embeddedTarget } from '../../src/temporal/connection.js';
import { startDevServer, stopDevServer } from '../../src/temporal/dev-server.js';
import type { DevServer, DevServerOptions } from '../../src/temporal/dev-server.js';
import { isRunning } from '../../src/temporal/server-process.js';
import { runningDevServer } from '../../src/temporal/server-record.js';
import { SEARCH_ATTRIBUTES } from '../../src/temporal/server-settings.js';

let folder: string;
let dbFile: string;
let servers: DevServer[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'golive-dev-server-'));
  dbFile = path.join(folder, 'temporal.db');
  servers = [];
});

afterEach(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function start(options: DevServerOptions = {}): Promise<DevServer> {
  const server = await startDevServer({ dbFile, uiPort: false, namespace: 'releases', ...options });
  servers.push(server);
  return server;
}

describe('the development server', () => {
  test('serves the namespace as golive needs it, is found by its file, and refuses a second one on the same file', async () => {
    const server = await start();
    const client = await connectClient(embeddedTarget(server));
    const { config } = await client.workflowService.describeNamespace({ namespace: 'releases' });
    expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(30 * 86_400);
    const { customAttributes } = await client.connection.operatorService.listSearchAttributes({
      namespace: 'releases',
    });
    expect(Object.keys(customAttributes)).toEqual(expect.arrayContaining(Object.keys(SEARCH_ATTRIBUTES)));
    await client.connection.close();

    expect(await runningDevServer(dbFile)).toMatchObject({ pid: server.pid, address: server.address });
    await expect(startDevServer({ dbFile, uiPort: false })).rejects.toThrow(
      `process ${server.pid}, ${server.address}) already runs on`,
    );
    const port = Number(server.address.split(':')[1]);
    await expect(startDevServer({ port, uiPort: false })).rejects.toThrow(
      `The gRPC port ${port} on 127.0.0.1 is taken`,
    );

    expect(await stopDevServer(dbFile)).toBe(true);
    expect(await server.ended).toBe('exited with code 0');
    expect(await stopDevServer(dbFile)).toBe(false);
  });

  test('registers the search attribute that a file of an earlier version lacks', async () => {
    const before = await start();
    const old = await connectClient(embeddedTarget(before));
    await old.connection.operatorService.removeSearchAttributes({
      namespace: 'releases',
      searchAttributes: ['GoLiveOutcome'],
    });
    await old.connection.close();
    await before.stop();
    const client = await connectClient(embeddedTarget(await start()));
    const { customAttributes } = await client.connection.operatorService.listSearchAttributes({
      namespace: 'releases',
    });
    expect(Object.keys(customAttributes)).toContain('GoLiveOutcome');
    await client.connection.close();
  });

  test('continues after kill -9 on the same port and file', async () => {
    const first = await start();
    const before = await connectClient(embeddedTarget(first));
    await before.workflow.start('nobodyRunsThis', { workflowId: 'still-here', taskQueue: 'none' });
    await before.connection.close();
    process.kill(first.pid, 'SIGKILL');
    expect(await first.ended).toBe('was ended by SIGKILL');
    expect(await runningDevServer(dbFile)).toBeUndefined();
    // What it had answered last is in its write-ahead log alone.
    expect((await readdir(folder)).filter((name) => name.endsWith('-wal'))).toEqual(['temporal.db-wal']);

    const second = await start({ port: Number(first.address.split(':')[1]) });
    expect(second.address).toBe(first.address);
    const after = await connectClient(embeddedTarget(second));
    expect((await after.workflow.getHandle('still-here').describe()).status.name).toBe('RUNNING');
    await after.connection.close();
  });

  test('a server that dies at its start is shown with its last words, and leaves nothing behind', async () => {
    await writeFile(dbFile, 'this is no database');
    await expect(start()).rejects.toThrow(
      /exited with code 1 before it served namespace "releases". Its last words \(.*temporal.db.log\):\n.*database/s,
    );
    expect(await runningDevServer(dbFile)).toBeUndefined();
    expect(await readFile(dbFile, 'utf8')).toBe('this is no database');
  });

  test('that was killed while it made its database does not keep the next one from starting', async () => {
    const killed = path.join(folder, 'killed');
    await writeFile(killed, `#!/bin/sh\n: > ${dbFile}\nkill -9 $$\n`, { mode: 0o755 });
    await expect(start({ cli: killed })).rejects.toThrow('was ended by SIGKILL before it served');
    expect((await readFile(dbFile)).length).toBe(0);
    const server = await start();
    expect((await readdir(folder)).filter((name) => name.endsWith('.unserved'))).toEqual([]);
    await server.stop();
  });

  test('a binary that is missing is a sentence, too', async () => {
    await expect(start({ cli: path.join(folder, 'no-such-file') })).rejects.toThrow('could not be started: spawn');
  });

  test('two started at once get ports of their own', async () => {
    const [one, other] = await Promise.all([
      start(),
      start({ dbFile: path.join(folder, 'other.db'), uiPort: undefined }),
    ]);
    expect(one.address).not.toBe(other.address);
    expect(other.uiUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    await other.stop();
    await other.stop();
    expect(await isRunning(other.pid)).toBe(false);
  });
});
