import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WorkflowHandle } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { WorkerProcess } from '../sandbox/demo/worker-process.js';
import { createLog } from '../src/logging.js';
import { installLogger } from '../src/sdk-logging.js';
import { connectClient, connectWorker, embeddedTarget } from '../src/temporal/connection.js';
import { dataConverter } from '../src/temporal/data-converter.js';
import { startDevServer } from '../src/temporal/dev-server.js';
import { COMMANDS, playbook } from './playbook.js';

const BARE_QUEUE = 'bare';

/** A real server, a golive worker as a process of its own, a small service, and a worker of the bare twin in this process. */
export interface Stand {
  /** One go-live from its start to its result. */
  goLive(): Promise<WorkflowHandle>;
  bare(): Promise<WorkflowHandle>;
  stop(): Promise<void>;
}

export async function openStand(): Promise<Stand> {
  process.env['GOLIVE_LOG_LEVEL'] ??= 'warn';
  installLogger(createLog());
  const folder = await mkdtemp(join(tmpdir(), 'golive-bench-'));
  const checkout = join(folder, 'checkout');
  await mkdir(checkout);
  for (const name of ['RC.2', 'RC.3', 'live']) await writeFile(join(checkout, name), name);
  await writeFile(join(checkout, 'manifest.json'), '{}');
  const service = await serve(join(checkout, 'live'));
  const server = await startDevServer({ dbFile: join(folder, 'temporal.db'), uiPort: false });
  const target = embeddedTarget(server);
  const client = await connectClient(target);
  const connection = await connectWorker(target);
  const playbookFile = join(folder, 'golive.json');
  const { port } = service.address() as AddressInfo;
  await writeFile(playbookFile, JSON.stringify(playbook(`http://127.0.0.1:${port}`, checkout)));
  const worker = await WorkerProcess.start(
    { homeFolder: join(folder, 'home'), playbookFile, address: server.address, namespace: server.namespace },
    process.env,
  );
  const bareWorker = await Worker.create({
    connection,
    dataConverter,
    taskQueue: BARE_QUEUE,
    workflowsPath: fileURLToPath(new URL('bare.workflow.js', import.meta.url)),
    activities: { spawnOne: (argv: readonly string[]) => spawnOne(argv, checkout) },
  });
  const bareRunning = bareWorker.run();

  return {
    async goLive() {
      await cp(join(checkout, 'RC.2'), join(checkout, 'live'));
      const seen = 'seen';
      const handle = await client.workflow.start('controlledGoLive', {
        workflowId: 'go-live-bench',
        taskQueue: 'golive',
        args: [
          {
            environment: 'bench',
            release: 'RC.3',
            previousRelease: 'RC.2',
            decisionOwner: 'bench',
            attestations: { restoreDrill: seen, stagingParity: seen, openIncidents: seen, frozenRules: seen },
          },
        ],
      });
      const { outcome, summary } = (await handle.result()) as { outcome: string; summary: string };
      if (outcome !== 'completed')
        throw new Error(`The go-live was to be completed, but it was ${outcome}: ${summary}`);
      return handle;
    },
    async bare() {
      const handle = await client.workflow.start('bareGoLive', {
        workflowId: 'bare',
        taskQueue: BARE_QUEUE,
        args: [Object.values(COMMANDS)],
      });
      await handle.result();
      return handle;
    },
    async stop() {
      bareWorker.shutdown();
      await Promise.all([bareRunning, worker.stop()]);
      await connection.close();
      await client.connection.close();
      await server.stop();
      service.closeAllConnections();
      service.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Says which release is live, lets anybody in, and has no stock. */
async function serve(live: string): Promise<Server> {
  const server = createServer((request, response) => {
    const answer = async () => {
      response.setHeader('content-type', 'application/json');
      if (request.url === '/health') return { version: await readFile(live, 'utf8') };
      return request.url === '/login' ? { access_token: 'token' } : { rows: [] };
    };
    void answer().then((body) => response.end(JSON.stringify(body)));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return server;
}

function spawnOne([file = '', ...args]: readonly string[], cwd: string): Promise<number> {
  return new Promise((resolve, reject) =>
    spawn(file, args, { cwd, stdio: 'ignore' })
      .once('error', reject)
      .once('exit', (code) => resolve(code ?? -1)),
  );
}
