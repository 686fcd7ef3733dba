import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { AlertReception, type Reception } from './alert-reception.js';
import type { ListenAddress } from './listen-address.js';
import { reply, type Reply } from './reply.js';

/** How long, in milliseconds, a sender may take. */
export interface Patience {
  readonly headersMs: number;
  readonly requestMs: number;
}

const PATIENCE: Patience = { headersMs: 5_000, requestMs: 15_000 };
const CONNECTIONS = 256;
/** Until a sender that is being refused in the middle of its body is cut off: time to read why. */
const HANG_UP_MS = 500;
const STOP_MS = 10_000;

/** The HTTP server that takes alerts. */
export class Receiver {
  readonly #server: Server;

  private constructor(
    private readonly reception: AlertReception,
    private readonly log: Reception['log'],
    { headersMs, requestMs }: Patience,
  ) {
    const checked = Math.min(1_000, headersMs);
    this.#server = createServer(
      { headersTimeout: headersMs, requestTimeout: requestMs, connectionsCheckingInterval: checked },
      (request, response) => {
        void this.#serve(request, response);
      },
    );
    this.#server.maxConnections = CONNECTIONS;
  }

  /** Rejects with the system's error when the address is taken or isn't this machine's. */
  static async listen({ host, port }: ListenAddress, reception: Reception, patience = PATIENCE): Promise<Receiver> {
    const receiver = new Receiver(new AlertReception(reception), reception.log, patience);
    receiver.#server.listen(port, host);
    await once(receiver.#server, 'listening');
    return receiver;
  }

  /** `127.0.0.1:9099`, `[::1]:9099` */
  get address(): string {
    const { address, family, port } = this.#server.address() as AddressInfo;
    return family === 'IPv6' ? `[${address}]:${port}` : `${address}:${port}`;
  }

  /** Takes nothing new, lets what is under way finish, and cuts off what doesn't. */
  async close(patienceMs = STOP_MS): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    const waiting = new AbortController();
    await Promise.race([closed, sleep(patienceMs, undefined, { signal: waiting.signal }).catch(() => undefined)]);
    waiting.abort();
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = { method: request.method, url: request.url?.slice(0, 200), from: request.socket.remoteAddress };
    let answer: Reply;
    try {
      answer = await this.reception.answer(request);
    } catch (error) {
      if (response.destroyed || !request.complete)
        return this.log.debug({ ...asked, err: error }, 'the sender broke off');
      this.log.error({ ...asked, err: error }, 'a request could not be answered');
      answer = reply(500, 'internal error; the log of the receiver has it');
    }
    if (answer.status >= 400 && answer.status < 500)
      this.log.warn({ ...asked, status: answer.status }, answer.body.message);
    const text = JSON.stringify(answer.body);
    // Senders come seldom: no connection is kept, so that neither idle nor refused ones add up.
    response.writeHead(answer.status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
      connection: 'close',
      ...answer.headers,
    });
    response.end(request.method === 'HEAD' ? undefined : text);
    if (!request.complete) setTimeout(() => request.destroy(), HANG_UP_MS).unref();
  }
}
