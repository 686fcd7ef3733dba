import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import type { DataSet, StockItem } from '../data/data-set.js';
import { STORE_A } from '../data/seed.js';
import {
  errorAnswer,
  exportsAnswer,
  loginAnswer,
  reportAnswer,
  statusAnswer,
  stockAnswer,
  traceId,
} from './answers.js';
import { driftExports, driftReport, driftStock, type Faults } from './faults.js';
import type { Metrics } from './metrics.js';
import { oddly } from './odd-metrics.js';
import { issueToken, readToken, type Claims } from './token.js';

export interface Answer {
  status: number;
  /** An object is sent as JSON, a string as text. */
  body: object | string;
}

interface Call {
  release: string;
  secret: string;
  password: string;
  tokenTtlSeconds: number;
  readData: () => DataSet;
  faults: Faults;
  metrics: Metrics;
  path: string;
  authorization: string | undefined;
  body: unknown;
}
type Route = (call: Call) => Answer;

const USERS = ['operator', 'auditor'];
const nowSeconds = (): number => Math.floor(Date.now() / 1_000);
const ok = (body: object | string): Answer => ({ status: 200, body });
const refuse = (status: number, code: string, message: string): Answer => ({
  status,
  body: errorAnswer(code, message),
});
const field = (body: unknown, name: string): unknown =>
  typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined;
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const health: Route = ({ release, faults }) =>
  faults.unhealthy()
    ? { status: 500, body: statusAnswer(release, 'live', false) }
    : ok(statusAnswer(release, 'live', true));

const ready: Route = ({ release, faults, readData }) => {
  let databaseIsThere = true;
  try {
    readData();
  } catch {
    databaseIsThere = false; // Told to the caller by the 503, as ARIS3 does.
  }
  const isReady = databaseIsThere && !faults.unhealthy() && faults.find('never-ready') === undefined;
  return isReady
    ? ok(statusAnswer(release, 'ready', true))
    : { status: 503, body: statusAnswer(release, 'not-ready', false) };
};

const login: Route = ({ body, password, secret, tokenTtlSeconds }) => {
  const [user, given] = [field(body, 'username_or_email'), field(body, 'password')];
  if (typeof user !== 'string' || typeof given !== 'string')
    return refuse(422, 'VALIDATION_ERROR', 'username_or_email and password are required');
  if (!USERS.includes(user) || !timingSafeEqual(digest(given), digest(password)))
    return refuse(401, 'INVALID_CREDENTIALS', 'Invalid credentials');
  return ok(loginAnswer(issueToken({ sub: user, role: user, exp: nowSeconds() + tokenTtlSeconds }, secret)));
};

/** Lets a route answer only to a valid token: 401 INVALID_TOKEN without one, and with an old one. */
const authenticated =
  (route: (call: Call, claims: Claims) => Answer): Route =>
  (call) => {
    const token = call.authorization?.startsWith('Bearer ') === true ? call.authorization.slice('Bearer '.length) : '';
    const claims = readToken(token, call.secret, nowSeconds());
    return claims === null ? refuse(401, 'INVALID_TOKEN', 'Invalid token') : route(call, claims);
  };

const me = authenticated((_call, claims) =>
  ok({ username: claims.sub, role: claims.role, store_id: STORE_A, trace_id: traceId() }),
);
const stock = authenticated(({ readData, faults }) => ok(driftStock(stockAnswer(readData()), faults.drift)));
const overview = authenticated(({ faults }) => ok(driftReport(reportAnswer(), faults.drift)));
const exportList = authenticated(({ faults }) => ok(driftExports(exportsAnswer(), faults.drift)));

const STATUS_AFTER: Record<string, string> = { dispatch: 'DISPATCHED', receive: 'RECEIVED', cancel: 'CANCELLED' };

const transferAction = authenticated(({ body, path }) => {
  const action = field(body, 'action');
  const status = typeof action === 'string' ? STATUS_AFTER[action] : undefined;
  if (status === undefined)
    return refuse(422, 'VALIDATION_ERROR', `action must be one of ${Object.keys(STATUS_AFTER).join(', ')}`);
  return ok({ transfer_id: path.split('/')[3], action, status, trace_id: traceId() });
});

/** POS behaviour is frozen: an EPC sells an RFID item, a SKU a PENDING one, and neither falls back on the other. Nothing is stored. */
const checkout = authenticated(({ body, readData }, claims) => {
  if (claims.role === 'auditor') return refuse(403, 'PERMISSION_DENIED', 'pos.checkout is not granted to this role');
  const [epc, sku] = [field(body, 'epc'), field(body, 'sku')];
  const sells = (item: StockItem): boolean =>
    item.store_id === STORE_A &&
    item.location_is_vendible &&
    (typeof epc === 'string'
      ? item.status === 'RFID' && item.epc === epc
      : item.status === 'PENDING' && item.sku === sku);
  const item = readData().tables.stock_items.find(sells);
  if (item === undefined) return refuse(409, 'STOCK_NOT_AVAILABLE', 'No sellable item for this EPC or SKU');
  return ok({
    sale_id: randomUUID(),
    status: 'PAID',
    line: { item_id: item.id, from: item.status },
    trace_id: traceId(),
  });
});

const metricsText: Route = ({ metrics, faults }) => {
  const odd = faults.find('odd-metrics');
  return ok(odd ? oddly(metrics.render(), odd.how) : metrics.render());
};

interface Entry {
  method: string;
  template: string;
  route: Route;
}
const ROUTES: Entry[] = [
  { method: 'GET', template: '/health', route: health },
  { method: 'GET', template: '/ready', route: ready },
  { method: 'POST', template: '/aris3/auth/login', route: login },
  { method: 'GET', template: '/aris3/me', route: me },
  { method: 'GET', template: '/aris3/stock', route: stock },
  { method: 'GET', template: '/aris3/reports/overview', route: overview },
  { method: 'GET', template: '/aris3/exports', route: exportList },
  { method: 'POST', template: '/aris3/transfers/{id}/actions', route: transferAction },
  { method: 'POST', template: '/aris3/pos/checkout', route: checkout },
  { method: 'GET', template: '/aris3/ops/metrics', route: metricsText },
];
const PATTERNS = ROUTES.map((entry) => ({
  ...entry,
  pattern: new RegExp(`^${entry.template.replace('{id}', '[^/]+')}$`),
}));

/** Finds the route of a request. `template` is its name in the metrics; `api` says whether a bad release may slow it down or fail it. */
export function findRoute(method: string, path: string): { route: Route | undefined; template: string; api: boolean } {
  const entry = PATTERNS.find((candidate) => candidate.method === method && candidate.pattern.test(path));
  if (entry === undefined) return { route: undefined, template: 'unmatched', api: false };
  const api = entry.template.startsWith('/aris3/') && entry.route !== metricsText && entry.route !== login;
  return { route: entry.route, template: entry.template, api };
}
