import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** How many bad answers in a row are too many (playbook §4). */
const TOO_MANY = 3;

interface Failing {
  answered: number;
  readonly third: (at: number) => void;
}

/**
 * The small service of every environment, each below a path of its own: says which release is live, lets anybody in, has no stock. It knows when it was
 * probed, and answers 503 when it is told to.
 */
export class Service {
  readonly #failing = new Map<string, Failing>();
  #probes: Map<string, number[]> | undefined;
  readonly #server: Server;

  private constructor(private readonly folder: string) {
    this.#server = createServer((request, response) => {
      const [, environment = '', what] = (request.url ?? '').split('/');
      if (what === 'health') {
        this.#probed(environment);
        const failing = this.#failing.get(environment);
        response.statusCode = failing ? 503 : 200;
        response.end();
        if (failing && ++failing.answered === TOO_MANY) failing.third(Date.now());
        return;
      }
      const answer = async (): Promise<object> => {
        if (what === 'version') return { version: await readFile(join(this.folder, environment, 'live'), 'utf8') };
        return what === 'login' ? { access_token: 'token' } : { rows: [] };
      };
      response.setHeader('content-type', 'application/json');
      answer().then(
        (body) => response.end(JSON.stringify(body)),
        () => response.writeHead(500).end(),
      );
    });
  }

  /** @param folder has a folder for each environment, with the file `live` */
  static async open(folder: string): Promise<Service> {
    const service = new Service(folder);
    await new Promise<void>((listening) => service.#server.listen(0, '127.0.0.1', listening));
    return service;
  }

  url(environment: string): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/${environment}`;
  }

  /** From now on its health is bad. Resolves with when the third 503 was answered, in epoch milliseconds. */
  fail(environment: string): Promise<number> {
    return new Promise((third) => this.#failing.set(environment, { answered: 0, third }));
  }

  mend(environment: string): void {
    this.#failing.delete(environment);
  }

  /** When each environment was probed during something, in milliseconds. */
  async probesDuring(something: () => Promise<unknown>): Promise<number[][]> {
    const probes = (this.#probes = new Map<string, number[]>());
    await something();
    this.#probes = undefined;
    return [...probes.values()];
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #probed(environment: string): void {
    const probes = this.#probes?.get(environment) ?? [];
    probes.push(performance.now());
    this.#probes?.set(environment, probes);
  }
}
