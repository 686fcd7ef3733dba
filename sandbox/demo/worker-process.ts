import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { MetricsAddress } from '../../src/exporter/exporter-options.js';
import type { Versioning } from '../../src/worker.js';

/** What a worker process is started with. */
export interface WorkerSettings {
  readonly homeFolder: string;
  readonly playbookFile: string;
  /** `host:port` of the Temporal server. */
  readonly address: string;
  readonly namespace: string;
  readonly versioning?: Versioning;
  readonly metrics?: MetricsAddress | undefined;
}

const ENTRY = fileURLToPath(new URL('worker-entry.js', import.meta.url));

/** A worker that runs as a process of its own, so that it can die like one. */
export class WorkerProcess {
  private constructor(
    readonly pid: number,
    readonly ended: Promise<string>,
    private readonly child: ChildProcess,
  ) {}

  /** Starts a worker and waits until it takes work. Rejects with its last words if it ends before that. */
  static async start(
    settings: WorkerSettings,
    environment: Readonly<Record<string, string | undefined>>,
    entry = ENTRY,
  ): Promise<WorkerProcess> {
    // A group of its own: the terminal's Ctrl-C is for the demo, which stops its worker in order.
    const child = fork(entry, [JSON.stringify(settings)], {
      env: environment,
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let words = '';
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (words = (words + chunk).slice(-2_000)));
    const ended = new Promise<string>((resolve) =>
      child.once('exit', (code, signal) => resolve(signal ? `ended by ${signal}` : `exit ${code}`)),
    );
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve());
      child.once('error', reject);
      void ended.then((how) =>
        reject(
          new Error(
            `The worker (process ${child.pid}) was to take work, but it came to its end first: ${how}. ${words.trim() || 'It said nothing'}. Its log: ${settings.homeFolder}/golive.log`,
          ),
        ),
      );
    });
    return new WorkerProcess(child.pid as number, ended, child);
  }

  /** kill -9: the worker gets no chance to say or do anything. Returns when it is gone; may be called again. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  /** Lets the worker hand over and stop. Returns how it ended. */
  async stop(): Promise<string> {
    this.child.kill('SIGTERM');
    return this.ended;
  }
}
