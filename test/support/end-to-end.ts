import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { stringify } from 'yaml';
import type { BadWayInput } from '../../sandbox/bad-way.js';
import { WorkerProcess } from '../../sandbox/demo/worker-process.js';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../sandbox/sandbox.js';
import type { GoLiveInput } from '../../src/domain/run/input.js';
import type { MetricsAddress } from '../../src/exporter/exporter-options.js';
import { homeAt, type Home } from '../../src/home.js';
import type { Versioning } from '../../src/worker.js';
import { Ledger } from '../../src/ledger/ledger.js';
import { startDevServer, type DevServer } from '../../src/temporal/dev-server.js';
import { golive, type Ended } from '../cli/golive-process.js';
import { ExecutionCount } from './execution-count.js';
import { GoLiveRun } from './go-live-run.js';
import { replayAll } from '../../sandbox/open-replay.js';
import type { OtherBuild } from './other-build.js';
import { quiet } from './quiet.js';
import { quickPlaybook, type PlaybookData } from './quick-playbook.js';

/** An announcement as the worker wrote it down. */
export interface Announced {
  readonly workflowId: string;
  readonly kind: 'message' | 'page';
  readonly text: string;
}

/** Small and quick: a run takes some five seconds, and most of the time two processors are enough for two of these. */
const FLEET: Omit<SandboxOptions, 'dir'> = {
  instances: 8,
  traffic: 2,
  deployPaceMs: 30,
  scriptMs: 30,
  healthWaitMs: 1_000,
};

/** Everything a go-live needs, as real processes: a fleet, a Temporal server with its database in a file, a worker that can be killed. */
export class EndToEnd {
  worker: WorkerProcess | undefined;
  readonly #beside: WorkerProcess[] = [];
  /** The release that should be live now; each run begins from it. */
  live = 'RC.2';
  #releases = 2;

  private constructor(
    readonly directory: string,
    readonly home: Home,
    readonly sandbox: Sandbox,
    readonly executions: ExecutionCount,
    private server: DevServer,
    readonly client: Client,
    private readonly versioning: Versioning,
    private readonly metrics: MetricsAddress | undefined,
  ) {}

  static async start(
    fleet: Partial<SandboxOptions> = {},
    versioning: Versioning = 'off',
    metrics?: MetricsAddress,
  ): Promise<EndToEnd> {
    const directory = await mkdtemp(join(tmpdir(), 'golive-end-to-end-'));
    const home = homeAt(join(directory, 'home'));
    const server = await startDevServer({ dbFile: home.database, uiPort: false });
    const sandbox = await startSandbox({ ...FLEET, ...fleet, dir: join(directory, 'sandbox') }).catch(
      (error: unknown) => server.stop().then(() => Promise.reject(error as Error)),
    );
    // A plain client as anyone may have one; golive's own data converter is the worker's.
    const connection = await Connection.connect({ address: server.address });
    const executions = await ExecutionCount.in(directory, sandbox.info.bin);
    const whole = new EndToEnd(
      directory,
      home,
      sandbox,
      executions,
      server,
      new Client({ connection, namespace: server.namespace }),
      versioning,
      metrics,
    );
    try {
      await whole.playbook();
      await whole.startWorker();
    } catch (error) {
      await whole.stop();
      throw error;
    }
    return whole;
  }

  /** Ends what a failed test has left, so that the next one fails only for reasons of its own. */
  async endLeftRun(): Promise<void> {
    const handle = this.client.workflow.getHandle('go-live-sandbox');
    if ((await handle.describe().catch(() => undefined))?.status.name !== 'RUNNING') return;
    await handle.terminate('left by a failed test');
    await this.#rollFleetBack();
  }

  /** Ends every process and removes the directory. Throws when a history that was made here doesn't replay. */
  async stop(): Promise<void> {
    await this.worker?.kill();
    await Promise.all(this.#beside.map((each) => each.kill()));
    try {
      quiet();
      await replayAll(this.client);
    } finally {
      await this.client.connection.close();
      await Promise.all([this.server.stop(), this.sandbox.stop()]);
      await rm(this.directory, { recursive: true, force: true, maxRetries: 5 });
    }
  }

  /** Writes the playbook file for the next runs: the quick one, with what a test changes in it. */
  async playbook(change: (playbook: PlaybookData) => void = () => undefined): Promise<void> {
    const playbook = quickPlaybook();
    change(playbook);
    await writeFile(this.#playbookFile, stringify(playbook));
  }

  async startWorker(): Promise<void> {
    this.worker = await this.#startWorker();
  }

  /** One more worker in the same home, of another build. */
  async startWorkerBeside({ workerEntry }: Pick<OtherBuild, 'workerEntry'>): Promise<WorkerProcess> {
    const worker = await this.#startWorker(workerEntry);
    this.#beside.push(worker);
    return worker;
  }

  /** kill -9, and a new worker at once. */
  async replaceWorker(): Promise<void> {
    await this.worker?.kill();
    await this.startWorker();
  }

  /** kill -9 of the Temporal server, and a new one on the same database and port. */
  async replaceServer(): Promise<void> {
    await this.withoutServer(() => Promise.resolve());
  }

  /** The same, with what happens while there is none. */
  async withoutServer(meanwhile: () => Promise<void>): Promise<void> {
    process.kill(this.server.pid, 'SIGKILL');
    await this.server.ended;
    await meanwhile();
    this.server = await startDevServer({
      dbFile: this.home.database,
      uiPort: false,
      port: Number(this.server.address.split(':').at(-1)),
    });
  }

  /** Starts a go-live of the next release, bad in these ways, from the one that is live. */
  async goLive(bad: BadWayInput[] = [], input: Partial<GoLiveInput> = {}): Promise<GoLiveRun> {
    this.#releases += 1;
    const release = `RC.${this.#releases}`;
    await this.sandbox.offer(release, bad);
    const confirmed = { restoreDrill: 'seen', stagingParity: 'seen', openIncidents: 'seen', frozenRules: 'seen' };
    const whole = {
      environment: 'sandbox',
      release,
      previousRelease: this.live,
      decisionOwner: 'Ana',
      attestations: confirmed,
      ...input,
    };
    const watched = await this.witness();
    const handle = await this.client.workflow.start('controlledGoLive', {
      workflowId: `go-live-sandbox${whole.dryRun ? '-dry-run' : ''}`,
      taskQueue: 'golive',
      args: [whole],
    });
    return watched(handle, whole);
  }

  /** Runs `golive` as an operator does. */
  operator(...args: string[]): Promise<Ended> {
    return golive(args, {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      GOLIVE_HOME: this.home.folder,
      TEMPORAL_ADDRESS: this.server.address,
    });
  }

  /** Of the Temporal server. */
  get address(): string {
    return this.server.address;
  }

  /** The Temporal CLI. */
  get cli(): string {
    return this.server.cli;
  }

  /** Runs a line that golive gives to be pasted: `temporal …`. */
  async paste(line: string): Promise<void> {
    const [temporal, ...words] = line.split(' ');
    if (temporal !== 'temporal') throw new Error(`no line for the Temporal CLI: ${line}`);
    await promisify(execFile)(this.cli, [...words, '--address', this.server.address], { timeout: 30_000 });
  }

  /** Gives a run with what its witnesses see from now on, whoever starts it. */
  async witness(): Promise<
    (handle: WorkflowHandle, input: Pick<GoLiveInput, 'release' | 'previousRelease'>) => GoLiveRun
  > {
    const said = (await this.announcements()).length;
    const executed = this.executions.all().length;
    const deploys = this.sandbox.journal().length;
    return (handle, input) =>
      new GoLiveRun(this.client, handle, input, {
        announced: async () => (await this.announcements()).slice(said),
        executed: () => this.executions.all().slice(executed),
        journal: () => this.sandbox.journal().slice(deploys),
        ended: (outcome) => {
          if (outcome === 'completed') this.live = input.release;
        },
      });
  }

  async announcements(): Promise<Announced[]> {
    const text = await readFile(this.home.announcements, 'utf8').catch(() => '');
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Announced);
  }

  ledger(): Promise<Ledger> {
    return Ledger.open(this.home.ledger);
  }

  /** Which releases run in the slots of the fleet, each once. */
  async releasesOnFleet(): Promise<string[]> {
    return [...new Set((await this.sandbox.slots()).slots.map(({ release }) => release))];
  }

  #startWorker(entry?: string): Promise<WorkerProcess> {
    const { address, namespace } = this.server;
    const { GOLIVE_SANDBOX_BIN = '', ...sandbox } = this.sandbox.environment();
    return WorkerProcess.start(
      {
        homeFolder: this.home.folder,
        playbookFile: this.#playbookFile,
        address,
        namespace,
        versioning: this.versioning,
        metrics: this.metrics,
      },
      { ...process.env, ...sandbox, GOLIVE_SANDBOX_BIN: `${this.executions.bin}:${GOLIVE_SANDBOX_BIN}` },
      entry,
    );
  }

  async #rollFleetBack(): Promise<void> {
    for (const { slot, release } of (await this.sandbox.slots()).slots)
      if (release !== this.live) await this.sandbox.replace(slot, this.live);
  }

  get #playbookFile(): string {
    return join(this.directory, 'golive.yaml');
  }
}
