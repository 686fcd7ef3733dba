import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A real HTTP server on a free port whose answers a test decides. */
export class SmallService {
  readonly requests: { method: string; url: string; authorization: string | undefined }[] = [];
  answer: (request: IncomingMessage, response: ServerResponse) => void = (_, response) =>
    response.end('{"version":"RC.2"}');
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(): Promise<SmallService> {
    const server = createServer();
    const service = new SmallService(server);
    server.on('request', (request, response) => {
      service.requests.push({
        method: request.method ?? '',
        url: request.url ?? '',
        authorization: request.headers.authorization,
      });
      service.answer(request, response);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return service;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }
}
