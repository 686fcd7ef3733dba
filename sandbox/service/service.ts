import { createServer, type IncomingMessage, type Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { BadWay } from '../bad-way.js';
import type { DataSet } from '../data/data-set.js';
import { checkInvariants } from '../data/invariants.js';
import { errorAnswer } from './answers.js';
import { Faults } from './faults.js';
import { Metrics } from './metrics.js';
import { findRoute, type Answer } from './routes.js';

export interface ServiceOptions {
  /** The release that /health and /ready call their version. */
  release: string;
  secret: string;
  password: string;
  tokenTtlSeconds: number;
  /** How long the API is slow after the start, in ms; 0 = not at all. */
  warmUpMs: number;
  bad: readonly BadWay[];
  /** Throws when the database is away. */
  readData: () => DataSet;
}

export interface Service {
  server: Server;
  /** Makes the running instance bad, or good with an empty list. */
  turn: (bad: readonly BadWay[]) => void;
}

const MAX_BODY_BYTES = 65_536;
const WARM_UP_DELAY_MS = 400;

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new Error(`body larger than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString();
  return text === '' ? {} : JSON.parse(text);
}

/** A small ARIS3-like service in this process; the caller decides where it listens. */
export function createService(options: ServiceOptions): Service {
  const metrics = new Metrics();
  const faults = new Faults(options.bad);
  const startedMs = performance.now();

  const readData = (): DataSet => {
    const data = options.readData();
    if (checkInvariants(data).violations.length > 0) metrics.violation('stock_total_rfid_pending');
    return data;
  };

  async function answer(request: IncomingMessage, path: string): Promise<Answer & { route: string }> {
    const { route, template, api } = findRoute(request.method ?? 'GET', path);
    if (route === undefined) return { route: template, status: 404, body: errorAnswer('NOT_FOUND', 'Not Found') };
    if (api) {
      const warmingUp = performance.now() - startedMs < options.warmUpMs;
      const delayMs = faults.delayMs() + (warmingUp ? WARM_UP_DELAY_MS : 0);
      if (delayMs > 0) await pause(delayMs);
      if (faults.failsNow(template))
        return { route: template, status: 500, body: errorAnswer('INTERNAL_ERROR', 'Internal server error') };
    }
    try {
      const body = request.method === 'POST' ? await readBody(request) : undefined;
      return {
        route: template,
        ...route({ ...options, readData, faults, metrics, path, authorization: request.headers.authorization, body }),
      };
    } catch (error) {
      if (error instanceof SyntaxError)
        return { route: template, status: 422, body: errorAnswer('VALIDATION_ERROR', 'Body is not JSON') };
      return {
        route: template,
        status: 500,
        body: errorAnswer('INTERNAL_ERROR', error instanceof Error ? error.message : String(error)),
      };
    }
  }

  const server = createServer((request, response) => {
    const begunMs = performance.now();
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    void answer(request, path).then(({ route, status, body }) => {
      const isText = typeof body === 'string';
      const payload = Buffer.from(isText ? body : JSON.stringify(body));
      response.writeHead(status, {
        'content-type': isText ? 'text/plain; version=0.0.4; charset=utf-8' : 'application/json',
        'content-length': payload.length,
      });
      response.end(payload);
      metrics.observe(request.method ?? 'GET', route, status, performance.now() - begunMs);
    });
  });
  return { server, turn: (bad) => faults.turn(bad) };
}
