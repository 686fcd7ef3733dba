import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { freePort } from '../../src/temporal/free-port.js';
import { PATIENCE_MS } from './patience.js';

/** What a Prometheus of a test scrapes, as job `aris3` unless it is called otherwise. */
export interface Scraped {
  /** A discovery URL, or `host:port` of each. */
  readonly targets: { readonly discovery: string } | readonly string[];
  readonly path?: string;
  /** A duration as Prometheus writes it. */
  readonly interval?: string;
  readonly job?: string;
  /** A file of rules. */
  readonly rules?: string;
}

/** One series of an instant query's answer. */
export interface Answered {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

const queryAnswer = z.object({
  data: z.object({
    result: z.array(
      z.object({
        metric: z.record(z.string(), z.string()),
        value: z.tuple([z.number(), z.string().transform(Number)]),
      }),
    ),
  }),
});
const rulesAnswer = z.object({
  data: z.object({
    groups: z.array(z.object({ rules: z.array(z.object({ name: z.string(), health: z.string() })) })),
  }),
});
const targetsAnswer = z.object({ data: z.object({ activeTargets: z.array(z.object({ health: z.string() })) }) });

/** A real Prometheus with a folder of its own on the loopback address. */
export class TestPrometheus {
  private constructor(
    readonly url: string,
    readonly folder: string,
    private readonly start: () => ChildProcess,
    private process = start(),
  ) {}

  /** Starts it and waits until it answers and every target was scraped. A port that somebody takes in between costs another try. */
  static async start(
    binary: string,
    { targets, path = '/aris3/ops/metrics', interval = '500ms', job = 'aris3', rules }: Scraped,
  ): Promise<TestPrometheus> {
    const folder = await mkdtemp(join(tmpdir(), 'golive-prometheus-'));
    const found =
      'discovery' in targets
        ? { http_sd_configs: [{ url: targets.discovery, refresh_interval: interval }] }
        : { static_configs: [{ targets }] };
    const config = {
      global: { scrape_interval: interval, scrape_timeout: interval, evaluation_interval: interval },
      ...(rules === undefined ? {} : { rule_files: [rules] }),
      scrape_configs: [{ job_name: job, metrics_path: path, ...found }],
    };
    await writeFile(join(folder, 'prometheus.yml'), JSON.stringify(config)); // JSON is YAML
    for (let tries = 1; ; tries += 1) {
      const port = await freePort('127.0.0.1');
      const flags = {
        'config.file': join(folder, 'prometheus.yml'),
        'storage.tsdb.path': join(folder, 'data'),
        'web.listen-address': `127.0.0.1:${port}`,
        'log.level': 'error',
      };
      const start = () =>
        spawn(
          binary,
          Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
          { stdio: ['ignore', 'ignore', 'pipe'] },
        );
      const prometheus = new TestPrometheus(`http://127.0.0.1:${port}`, folder, start);
      try {
        await prometheus.#ready();
        return prometheus;
      } catch (error) {
        await prometheus.#end();
        if (tries === 3) throw error;
      }
    }
  }

  /** The health of each target: `up`, `down` or `unknown`. */
  async targets(): Promise<string[]> {
    const response = await fetch(`${this.url}/api/v1/targets?state=active`);
    return targetsAnswer.parse(await response.json()).data.activeTargets.map(({ health }) => health);
  }

  /** What an instant query is answered with. Throws what Prometheus says against it. */
  async query(promql: string): Promise<Answered[]> {
    const response = await fetch(`${this.url}/api/v1/query?${new URLSearchParams({ query: promql }).toString()}`);
    const text = await response.text();
    if (!response.ok) throw new Error(`expected an answer to ${promql}, Prometheus said ${text}`);
    return queryAnswer.parse(JSON.parse(text)).data.result.map(({ metric, value: [, value] }) => ({ metric, value }));
  }

  /** Asks again and again until there is an answer with something in it. */
  async untilAnswered(promql: string): Promise<Answered[]> {
    for (const end = performance.now() + PATIENCE_MS; performance.now() < end; await pause(250)) {
      const answer = await this.query(promql);
      if (answer.length > 0) return answer;
    }
    throw new Error(`expected an answer to ${promql} within ${PATIENCE_MS} ms, there was none`);
  }

  /** The health of each rule by its name: `ok`, `err` or `unknown`. */
  async rules(): Promise<Record<string, string>> {
    const { data } = rulesAnswer.parse(await (await fetch(`${this.url}/api/v1/rules`)).json());
    return Object.fromEntries(data.groups.flatMap(({ rules }) => rules.map(({ name, health }) => [name, health])));
  }

  /** kill -9: its port refuses. */
  async die(): Promise<void> {
    await this.#end();
  }

  /** A new process on the same port and data unless one runs, once it answers and every target was scraped. */
  async revive(): Promise<void> {
    if (!this.#ended()) return;
    this.process = this.start();
    await this.#ready();
  }

  /** It takes connections and answers nothing, until it goes on. */
  freeze(): void {
    this.process.kill('SIGSTOP');
  }

  goOn(): void {
    this.process.kill('SIGCONT');
  }

  /** Ends it, by its own process, and removes its folder. */
  async stop(): Promise<void> {
    await this.#end();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async #ready(): Promise<void> {
    let complaint = '';
    this.process.stderr?.setEncoding('utf8').on('data', (chunk: string) => (complaint += chunk));
    const end = performance.now() + PATIENCE_MS;
    while (performance.now() < end && this.process.exitCode === null) {
      const health = await this.targets().catch(() => []);
      if (health.length > 0 && health.every((each) => each === 'up')) return;
      await pause(50);
    }
    throw new Error(
      `expected a Prometheus whose targets are all up within ${PATIENCE_MS} ms; it said: ${complaint.slice(-500) || 'nothing'}`,
    );
  }

  #ended(): boolean {
    return this.process.exitCode !== null || this.process.signalCode !== null;
  }

  async #end(): Promise<void> {
    if (this.#ended()) return;
    const exit = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await exit;
  }
}
