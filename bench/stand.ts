import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { WorkerProcess } from '../sandbox/demo/worker-process.js';
import { homeAt, type Home } from '../src/home.js';
import { connectClient, embeddedTarget } from '../src/temporal/connection.js';
import { startDevServer, type DevServer } from '../src/temporal/dev-server.js';
import { memoryAsDeployed } from './as-deployed.js';
import { bareBundle } from './bare-bundle.js';
import type { Ending } from './ending.js';
import { COMMANDS, playbook, type PlaybookOptions } from './playbook.js';
import { Service } from './service.js';
import { goLiveSide, startBare, startGoLive, twinSide, type Of, type Side } from './side.js';
import { within } from './within.js';

const BARE_WORKER = fileURLToPath(new URL('bare-worker.js', import.meta.url));
const BARE_BUNDLE = 'bare.workflow.bundle.js';
const TWIN = 'twin';
/** The one environment of a stand, where nobody says otherwise. */
export const BENCH = 'bench';

/** A real server with its database in a file, a small service, and the workers of golive and of its bare twin, each a process of its own. */
export class Stand {
  readonly golive: Side;
  readonly twin: Side;
  readonly #workers: Record<Of, WorkerProcess[]> = { golive: [], twin: [] };

  private constructor(
    private readonly ending: Ending,
    private readonly environments: readonly string[],
    private readonly checkout: string,
    readonly home: Home,
    readonly service: Service,
    readonly server: DevServer,
    readonly client: Client,
  ) {
    this.golive = goLiveSide(client, checkout);
    this.twin = twinSide(client, join(checkout, TWIN), service);
  }

  /** Opens one with a worker of each. It ends with the other, or before. */
  static async open(over: Ending, environments: readonly string[] = [BENCH]): Promise<Stand> {
    const ending = over.child();
    const folder = await mkdtemp(join(tmpdir(), 'golive-bench-'));
    await ending.add(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
    const checkout = join(folder, 'checkout');
    for (const name of [...environments, TWIN]) await prepare(join(checkout, name));
    await writeFile(join(checkout, BARE_BUNDLE), await bareBundle());
    const service = await Service.open(checkout);
    await ending.add(() => service.close());
    const server = await startDevServer({ dbFile: join(folder, 'temporal.db'), uiPort: false });
    await ending.add(() => server.stop());
    // It ends with this process: a question may still be waiting on it, and the SDK asks again also where it was closed.
    const client = await connectClient(embeddedTarget(server));
    const home = homeAt(join(folder, 'home'));
    const stand = new Stand(ending, environments, checkout, home, service, server, client);
    await stand.play({ soaks: false });
    await Promise.all([stand.startWorker('golive'), stand.startWorker('twin')]);
    return stand;
  }

  get sides(): readonly Side[] {
    return [this.twin, this.golive];
  }

  /** Its workers that live, the oldest first. */
  workers(of: Of): readonly WorkerProcess[] {
    return this.#workers[of];
  }

  /** The playbook of the go-lives that begin from now on. */
  async play(options: PlaybookOptions): Promise<void> {
    const environments: Record<string, { url: string; workingDirectory: string }> = {};
    for (const name of this.environments)
      environments[name] = { url: this.service.url(name), workingDirectory: join(this.checkout, name) };
    await writeFile(this.#playbookFile, JSON.stringify(playbook(environments, options)));
  }

  async startWorker(of: Of): Promise<WorkerProcess> {
    const { address, namespace } = this.server;
    const { checkout, home } = this;
    const golive = { address, namespace, homeFolder: home.folder, playbookFile: this.#playbookFile };
    const twin = { ...golive, homeFolder: join(checkout, TWIN), playbookFile: join(checkout, BARE_BUNDLE) };
    const environment = { ...process.env, ...(await memoryAsDeployed()) };
    const worker = await (of === 'golive'
      ? WorkerProcess.start(golive, environment)
      : WorkerProcess.start(twin, environment, BARE_WORKER));
    this.#workers[of].push(worker);
    await this.ending.add(() => worker.stop());
    return worker;
  }

  /** Lets the oldest stop in order. */
  async stopWorker(of: Of): Promise<void> {
    await this.#workers[of].shift()?.stop();
  }

  async killWorker(of: Of, worker: WorkerProcess): Promise<void> {
    this.#workers[of].splice(this.#workers[of].indexOf(worker), 1);
    await worker.kill();
  }

  /** Starts a go-live. */
  start(environment: string): Promise<WorkflowHandle> {
    return startGoLive(this.client, environment, join(this.checkout, environment));
  }

  /** One go-live from its start to its result. */
  async goLive(): Promise<WorkflowHandle> {
    const handle = await this.start(BENCH);
    const { outcome, summary } = await within('The go-live', handle.result() as Promise<Record<string, string>>);
    if (outcome !== 'completed') throw new Error(`The go-live was to be completed, but it was ${outcome}: ${summary}`);
    return handle;
  }

  /** The same commands as plain activities. */
  async bareGoLive(): Promise<WorkflowHandle> {
    const handle = await startBare(this.client, 'bareGoLive', [Object.values(COMMANDS)]);
    await within('The twin', handle.result());
    return handle;
  }

  close(): Promise<void> {
    return this.ending.end();
  }

  get #playbookFile(): string {
    return join(this.checkout, 'golive.json');
  }
}

/** What the commands of an environment find. */
async function prepare(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of ['RC.2', 'RC.3']) await writeFile(join(folder, name), name);
  await writeFile(join(folder, 'live'), 'RC.2');
  await writeFile(join(folder, 'manifest.json'), '{}');
}
