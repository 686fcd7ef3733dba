import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ask } from '../../src/activities/http.js';
import { freePort } from '../../src/temporal/free-port.js';
import { PATIENCE_MS } from './patience.js';

/** An alert as Prometheus sends it; times are ISO. */
export interface PostedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly startsAt: string;
  /** When it is over; it fires for a while when left out. */
  readonly endsAt?: string;
}

const ATTEMPTS = 3;

/** A real Alertmanager with a folder of its own, which sends everything to one webhook without delay and repeats it each second. */
export class Alertmanager {
  private constructor(
    readonly url: string,
    private readonly stop: () => Promise<void>,
  ) {}

  static async start(binary: string, webhook: { readonly url: string; readonly token: string }): Promise<Alertmanager> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await startOnce(binary, webhook);
      } catch (error) {
        if (attempt === ATTEMPTS) throw error; // else somebody took the port meanwhile
      }
    }

    async function startOnce(
      ...[command, { url, token }]: Parameters<typeof Alertmanager.start>
    ): Promise<Alertmanager> {
      const folder = await mkdtemp(path.join(tmpdir(), 'golive-alertmanager-'));
      const receiver = {
        url,
        send_resolved: true,
        http_config: { authorization: { type: 'Bearer', credentials: token } },
      };
      const route = {
        receiver: 'golive',
        group_by: ['alertname'],
        group_wait: '0s',
        group_interval: '1s',
        repeat_interval: '1s',
      };
      // JSON is YAML.
      await writeFile(
        path.join(folder, 'alertmanager.yml'),
        JSON.stringify({ route, receivers: [{ name: 'golive', webhook_configs: [receiver] }] }),
      );
      const address = `127.0.0.1:${await freePort('127.0.0.1')}`;
      const options = [
        `--config.file=${folder}/alertmanager.yml`,
        `--storage.path=${folder}/data`,
        `--web.listen-address=${address}`,
        '--cluster.listen-address=',
      ];
      const child = spawn(command, options, { cwd: path.dirname(command), stdio: ['ignore', 'ignore', 'pipe'] });
      let said = '';
      child.stderr.setEncoding('utf8').on('data', (chunk: string) => (said = (said + chunk).slice(-4_000)));
      const ended = once(child, 'close');
      const stop = async () => {
        child.kill('SIGTERM');
        await ended;
        await rm(folder, { recursive: true, force: true, maxRetries: 5 });
      };
      const end = performance.now() + PATIENCE_MS;
      while (
        !(await ask(`http://${address}/-/ready`, { timeoutMs: 1_000 }).then(
          ({ status }) => status === 200,
          () => false,
        ))
      ) {
        if (child.exitCode !== null || performance.now() > end) {
          await stop();
          throw new Error(`Alertmanager did not get ready at ${address}. Its last words:\n${said}`);
        }
        await pause(50);
      }
      return new Alertmanager(`http://${address}`, stop);
    }
  }

  /** Tells it of alerts, as Prometheus does. */
  async post(...alerts: PostedAlert[]): Promise<void> {
    const { status, body } = await ask(`${this.url}/api/v2/alerts`, { timeoutMs: 5_000, json: alerts });
    if (status !== 200) throw new Error(`Alertmanager answered ${status}: ${body}`);
  }

  async close(): Promise<void> {
    await this.stop();
  }
}
