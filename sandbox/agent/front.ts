import type { ChildProcess } from 'node:child_process';
import type { Logger } from 'pino';
import type { Backend, BalancerMessage, RoutesMessage } from '../balancer.js';
import { endChild, firstMessage, startChild, tell } from './child.js';

const DRAIN_LIMIT_MS = 2_000;

/** The balancer process as the agent sees it: restarted on its own ports when it dies. */
export class Front {
  ports: { port: number; canaryPort: number };
  readonly #log: Logger;
  readonly #output: number;
  #child: ChildProcess | null = null;
  #routes: RoutesMessage = { type: 'routes', version: 0, backends: [], newest: null };
  #waiting: { version: number; resolve: () => void }[] = [];
  #stopping = false;

  constructor(ports: { port: number; canaryPort: number }, output: number, log: Logger) {
    this.ports = ports;
    this.#output = output;
    this.#log = log;
  }

  async start(): Promise<void> {
    const child = startChild('balancer', this.ports, this.#output);
    this.#child = child;
    const listening = await firstMessage<Extract<BalancerMessage, { type: 'listening' }>>(child);
    this.ports = { port: listening.port, canaryPort: listening.canaryPort };
    child.on('message', (message: BalancerMessage) => {
      if (message.type === 'drained') this.#release(message.version);
    });
    child.on('exit', (code, signal) => {
      if (this.#stopping) return;
      this.#log.warn({ code, signal }, 'the balancer ended by itself; starting it again');
      this.#release(Infinity);
      this.start().catch((error: unknown) =>
        this.#log.error({ error: String(error) }, 'the balancer could not be started again'),
      );
    });
    tell(child, this.#routes);
  }

  /** Sets who is served; resolves when no request is left at an instance that isn't served any more, at the latest after 2 s. */
  serve(backends: Backend[], newest: string | null): Promise<void> {
    const version = this.#routes.version + 1;
    this.#routes = { type: 'routes', version, backends, newest };
    if (this.#child === null) return Promise.resolve();
    const drained = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, DRAIN_LIMIT_MS);
      this.#waiting.push({
        version,
        resolve: () => {
          clearTimeout(timer);
          resolve();
        },
      });
    });
    tell(this.#child, this.#routes);
    return drained;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#release(Infinity);
    if (this.#child !== null) await endChild(this.#child);
  }

  #release(version: number): void {
    for (const waiter of this.#waiting.filter((candidate) => candidate.version <= version)) waiter.resolve();
    this.#waiting = this.#waiting.filter((candidate) => candidate.version > version);
  }
}
