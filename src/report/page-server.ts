import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isIP, type AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { reportOf } from '../domain/evidence/report/make-report.js';
import { inTurn } from '../journals/in-turn.js';
import { goLivesIn } from '../journals/go-lives.js';
import { readGoLive } from '../journals/read-evidence.js';
import { isLoopback, type ListenAddress } from '../receiver/listen-address.js';
import { outputsOf } from './outputs.js';
import { reportPage } from './page.js';
import { RunIndex, runsPage } from './run-index.js';

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Of a page of a go-live that goes on: it is loaded again after so many seconds, later when it takes long to make. */
const REFRESH_S = 5;

const PATIENCE = { headersTimeout: 5_000, requestTimeout: 5_000, connectionsCheckingInterval: 1_000 };
/** More than browsers open, few enough that who holds connections open takes nothing from the worker. */
const CONNECTIONS = 256;

/** Serves the reports of the go-lives whose evidence is in a folder, each at `/<workflow ID>/<run ID>`. It only reads. Rejects when the address is taken. */
export async function servePages(folder: string, listen: ListenAddress): Promise<{ server: Server; address: string }> {
  const runs = new RunIndex(folder);
  const answers = new SharedAnswers((path) => answer(path, folder, runs));
  const server = createServer(PATIENCE, (request, response) => {
    void (refusal(request, listen) ?? answers.of(request.url?.split('?', 1)[0] ?? ''))
      .catch((): Answer => ({ status: 500, text: 'The evidence could not be read.\n' }))
      .then((told) => send(request, response, told));
  });
  server.maxConnections = CONNECTIONS;
  server.listen(listen.port, listen.host);
  await once(server, 'listening');
  const { address, family, port } = server.address() as AddressInfo;
  return { server, address: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}/` };
}

/**
 * Makes one page after the other, and whoever asks for one that is being made, or waits to be, gets the same: for the page of three days its evidence is read
 * whole, which takes seconds and hundreds of megabytes.
 */
class SharedAnswers {
  readonly #making = new Map<string, Promise<Answer>>();

  constructor(private readonly make: (path: string) => Promise<Answer>) {}

  async of(path: string): Promise<Answer> {
    const making =
      this.#making.get(path) ?? inTurn(() => this.make(path)).finally(() => void this.#making.delete(path));
    this.#making.set(path, making);
    return await making;
  }
}

function refusal({ method, headers }: IncomingMessage, listen: ListenAddress): Promise<Answer> | undefined {
  if (method !== 'GET' && method !== 'HEAD')
    return Promise.resolve({ status: 405, text: 'These pages are only read.\n' });
  if (!isOwnName(headers.host, listen))
    return Promise.resolve({ status: 421, text: 'This name is not that of golive here.\n' });
  return undefined;
}

async function answer(path: string, folder: string, runs: RunIndex): Promise<Answer> {
  const [, workflowId, runId, ...more] = path.split('/').map(decoded);
  const all = await runs.list();
  if (workflowId === '' && runId === undefined) return { status: 200, text: runsPage(all, {}) };
  // Only what the index has is looked for, so no path from outside reaches the disk.
  const known = more.length === 0 && all.some((each) => each.workflowId === workflowId && each.runId === runId);
  const began = performance.now();
  const found =
    known && workflowId ? (await goLivesIn(folder, workflowId)).find((each) => each.firstRunId === runId) : undefined;
  if (!found) return { status: 404, text: 'There is no such go-live here. The list is at /\n' };
  const kept = await readGoLive(found);
  const report = reportOf(kept);
  const outputs = await outputsOf(
    report,
    kept.runs.flatMap((each) => each.folders),
  );
  const took = (performance.now() - began) / 1_000;
  const goesOn = report.outcome === undefined;
  return {
    status: 200,
    text: reportPage(report, { outputs, ...(goesOn ? { refresh: Math.max(REFRESH_S, Math.ceil(10 * took)) } : {}) }),
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/**
 * Whether a request names this server as people here do. A page of somebody else's, opened in a browser here, reaches it under a name of its own that was
 * made to lead here (DNS rebinding), and would read the evidence.
 */
export function isOwnName(host: string | undefined, listen: ListenAddress): boolean {
  const name = /^(\[[^\]]+\]|[^:]*)(?::\d+)?$/
    .exec(host ?? '')?.[1]
    ?.replace(/^\[|\]$/g, '')
    .toLowerCase();
  if (name === undefined || name === '') return false;
  if (isLoopback({ host: name, port: 0 }) || name === listen.host.toLowerCase()) return true;
  return !isLoopback(listen) && (isIP(name) !== 0 || name === hostname().toLowerCase());
}

function send({ method }: IncomingMessage, response: ServerResponse, { status, text }: Answer): void {
  response.writeHead(status, {
    'content-type': `text/${status === 200 ? 'html' : 'plain'}; charset=utf-8`,
    'content-length': Buffer.byteLength(text),
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    connection: 'close',
  });
  response.end(method === 'HEAD' ? undefined : text);
}
