// Background traffic through the balancer: logs in and calls the routes in turn. Started by the fleet agent.
import { request as httpRequest } from 'node:http';
import { exitWithParent, tellParent } from './service/exit-with-parent.js';

export interface TrafficSettings {
  url: string;
  requestsPerSecond: number;
  username: string;
  password: string;
}
/** Sent to the agent twice a second. `failed` counts the requests without any answer. */
export interface TrafficReport {
  requests: number;
  byStatus: Record<string, number>;
  failed: number;
}

exitWithParent();
const settings = JSON.parse(process.env.SANDBOX_TRAFFIC ?? '') as TrafficSettings;
const report: TrafficReport = { requests: 0, byStatus: {}, failed: 0 };
let token = '';

// Seven: with as many calls as instances, or a divisor in common, the balancer's turns would give some instances none of a route.
const CALLS: { method: 'GET' | 'POST'; path: string; body?: object }[] = [
  { method: 'GET', path: '/aris3/stock' },
  { method: 'POST', path: '/aris3/pos/checkout', body: { sku: 'ACC-SALE' } },
  { method: 'GET', path: '/aris3/reports/overview' },
  { method: 'POST', path: '/aris3/transfers/traffic-1/actions', body: { action: 'dispatch' } },
  { method: 'GET', path: '/aris3/exports' },
  { method: 'GET', path: '/aris3/stock' },
  { method: 'POST', path: '/aris3/pos/checkout', body: { epc: '000000000000000000000001' } },
];

function call(method: string, path: string, body?: object): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(payload ?? ''),
      ...(token && { authorization: `Bearer ${token}` }),
    };
    // No agent: each request is a connection of its own, so the traffic reaches every instance.
    const outgoing = httpRequest(
      `${settings.url}${path}`,
      { method, headers, agent: false, timeout: 5_000 },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text })).on('error', reject);
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer within 5 s'))).on('error', reject);
    outgoing.end(payload);
  });
}

async function one(turn: number): Promise<void> {
  const next = CALLS[turn % CALLS.length];
  if (next === undefined) return;
  report.requests += 1;
  try {
    const { status } = await call(next.method, next.path, next.body);
    report.byStatus[status] = (report.byStatus[status] ?? 0) + 1;
    if (status === 401) await logIn();
  } catch {
    report.failed += 1; // Counted and shown by the agent.
  }
}

async function logIn(): Promise<void> {
  const { status, text } = await call('POST', '/aris3/auth/login', {
    username_or_email: settings.username,
    password: settings.password,
  });
  if (status === 200) token = (JSON.parse(text) as { access_token: string }).access_token;
}

let turn = 0;
await logIn().catch(() => undefined); // The first 401 logs in again.
setInterval(() => void one(turn++), 1_000 / settings.requestsPerSecond);
setInterval(() => tellParent(report), 500);
