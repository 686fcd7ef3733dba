import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import { homeAt, type Home } from '../../src/home.js';
import { Ledger } from '../../src/ledger/ledger.js';
import { connectClient, embeddedTarget } from '../../src/temporal/connection.js';
import { startDevServer, type DevServer } from '../../src/temporal/dev-server.js';
import { startSandbox, type Sandbox } from '../sandbox.js';
import { WorkerProcess } from './worker-process.js';

const PLAYBOOK_FILE = fileURLToPath(new URL('../../../golive.yaml', import.meta.url));
/** Slow enough to be watched, and to be hit in the middle. */
const DEPLOY_PACE_MS = 300;
const STOP_GRACE_MS = 2_000;

/** What the demo plays on: a fleet, a Temporal server and a worker, each a process of its own, on free ports, everything in one folder. */
export class StageSet {
  worker: WorkerProcess | undefined;

  private constructor(
    readonly home: Home,
    readonly sandbox: Sandbox,
    readonly server: DevServer,
    readonly client: Client,
  ) {}

  /** @param folder where it keeps its state; created */
  static async start(folder: string): Promise<StageSet> {
    const home = homeAt(folder);
    await mkdir(home.folder, { recursive: true });
    const server = await startDevServer({ dbFile: home.database });
    let sandbox: Sandbox | undefined;
    try {
      sandbox = await startSandbox({ dir: join(home.folder, 'sandbox'), deployPaceMs: DEPLOY_PACE_MS });
      const set = new StageSet(home, sandbox, server, await connectClient(embeddedTarget(server)));
      await set.startWorker();
      return set;
    } catch (error) {
      await sandbox?.stop();
      await server.stop();
      throw error;
    }
  }

  async startWorker(): Promise<WorkerProcess> {
    const { address, namespace } = this.server;
    const settings = { homeFolder: this.home.folder, playbookFile: PLAYBOOK_FILE, address, namespace };
    this.worker = await WorkerProcess.start(settings, { ...process.env, ...this.sandbox.environment() });
    return this.worker;
  }

  /**
   * Leaves no process behind: the worker, the commands that outlive it by design, the server and the fleet, in this order. The client's connection
   * ends with this process: a question may still be waiting on it.
   */
  async stop(): Promise<void> {
    await this.worker?.stop();
    const ledger = await Ledger.open(this.home.ledger);
    for (const { authorised, observation } of await ledger.commandsOf('sandbox')) {
      if (authorised && ['starting', 'running', 'unknown'].includes(observation.state))
        await ledger.stop(authorised.key, STOP_GRACE_MS);
    }
    await Promise.all([this.server.stop(), this.sandbox.stop()]);
  }
}
