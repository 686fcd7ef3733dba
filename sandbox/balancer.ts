// The balancer: one port for the whole fleet, a second one for the instances of the newest release. Started by the fleet agent.
import {
  createServer,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { Socket } from 'node:net';
import { exitWithParent, tellParent } from './service/exit-with-parent.js';
import { listen } from './service/listen.js';

export interface Backend {
  /** The instance's process id: a replaced instance is another backend. */
  pid: number;
  port: number;
  release: string;
}
/** The agent sends the whole routing table at every change. */
export interface RoutesMessage {
  type: 'routes';
  version: number;
  backends: Backend[];
  /** The release that was put on an instance most recently; null before the first deploy. */
  newest: string | null;
}
export type BalancerMessage =
  { type: 'listening'; port: number; canaryPort: number } | { type: 'drained'; version: number };

let routes: RoutesMessage = { type: 'routes', version: 0, backends: [], newest: null };
const inFlight = new Map<number, number>();
const reported = { version: 0 };

/** Reports a routing table as drained once no request is left at an instance that isn't in it. */
function reportDrained(): void {
  if (reported.version === routes.version) return;
  const busy = [...inFlight.keys()].some((pid) => !routes.backends.some((backend) => backend.pid === pid));
  if (busy) return;
  reported.version = routes.version;
  tellParent({ type: 'drained', version: routes.version } satisfies BalancerMessage);
}

function count(pid: number, change: 1 | -1): void {
  const left = (inFlight.get(pid) ?? 0) + change;
  if (left > 0) inFlight.set(pid, left);
  else inFlight.delete(pid);
  reportDrained();
}

const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'proxy-authorization',
  'proxy-authenticate',
]);
const endToEnd = (headers: IncomingHttpHeaders): IncomingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)));

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  if (response.headersSent) response.destroy();
  else
    response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(JSON.stringify({ code, message, details: null, trace_id: null }));
}

function forward(backend: Backend, request: IncomingMessage, response: ServerResponse): void {
  count(backend.pid, 1);
  const onward = httpRequest(
    {
      host: '127.0.0.1',
      port: backend.port,
      method: request.method,
      path: request.url,
      headers: endToEnd(request.headers),
      agent: false,
    },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, endToEnd(answer.headers));
      answer.pipe(response);
    },
  );
  onward.on('error', (error) => refuse(response, 502, 'BAD_GATEWAY', error.message));
  response.on('close', () => {
    onward.destroy();
    count(backend.pid, -1);
  });
  request.pipe(onward);
}

/**
 * A server that deals out its connections in turn. Like a balancer of layer 4, a connection that is kept alive stays with its instance (until that
 * leaves): only fresh connections see the whole fleet. It looks at no health: what is in the fleet is served, so that faults show.
 */
function balance(pool: () => Backend[], nobody: string): Server {
  const sticky = new WeakMap<Socket, number>();
  let turn = 0;
  return createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const backends = pool();
    let backend = backends.find((candidate) => candidate.pid === sticky.get(request.socket));
    if (backend === undefined) backend = backends[turn++ % Math.max(1, backends.length)];
    if (backend === undefined) {
      refuse(response, 503, 'NO_INSTANCE', nobody);
      return;
    }
    sticky.set(request.socket, backend.pid);
    forward(backend, request, response);
  });
}

exitWithParent();
const ports = JSON.parse(process.env.SANDBOX_BALANCER ?? '') as { port: number; canaryPort: number };
process.on('message', (message: RoutesMessage) => {
  routes = message;
  reportDrained();
});
const fleet = balance(() => routes.backends, 'No instance is in the fleet right now.');
const canary = balance(
  () => routes.backends.filter((backend) => backend.release === routes.newest),
  'No instance of a newer release yet: nothing was deployed.',
);
tellParent({
  type: 'listening',
  port: await listen(fleet, ports.port),
  canaryPort: await listen(canary, ports.canaryPort),
} satisfies BalancerMessage);
