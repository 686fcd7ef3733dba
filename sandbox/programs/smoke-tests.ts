import { randomUUID } from 'node:crypto';
import { seedDataSet } from '../data/seed.js';
import { httpJson, type JsonAnswer } from '../http-json.js';
import { listen } from '../service/listen.js';
import { createService } from '../service/service.js';
import type { SmokeTest } from '../smoke-test-names.js';

interface Client {
  get: (path: string, token?: string) => Promise<JsonAnswer>;
  post: (path: string, body: object, token?: string) => Promise<JsonAnswer>;
  logIn: (username: string) => Promise<string>;
}

function expectThat(holds: boolean, what: string): void {
  if (!holds) throw new Error(`AssertionError: ${what}`);
}
const at = (value: unknown, ...path: string[]): unknown =>
  path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[key] : undefined),
    value,
  );

const TESTS: Record<SmokeTest, (client: Client) => Promise<void>> = {
  test_go_live_auth_login_and_me: async ({ get, logIn }) => {
    const me = await get('/aris3/me', await logIn('operator'));
    expectThat(me.status === 200 && at(me.body, 'username') === 'operator', `GET /aris3/me answered ${me.status}`);
  },
  test_go_live_stock_full_table_contract_and_totals: async ({ get, logIn }) => {
    const { status, body } = await get('/aris3/stock', await logIn('operator'));
    expectThat(status === 200, `GET /aris3/stock answered ${status}`);
    for (const key of ['meta', 'rows', 'totals']) expectThat(at(body, key) !== undefined, `'${key}' in stock`);
    const total = (name: string): number => Number(at(body, 'totals', name));
    expectThat(total('total_units') === total('total_rfid') + total('total_pending'), 'TOTAL == RFID + PENDING');
  },
  test_go_live_transfer_lifecycle_happy_path: async ({ post, logIn }) => {
    const token = await logIn('operator');
    for (const [action, expected] of [
      ['dispatch', 'DISPATCHED'],
      ['receive', 'RECEIVED'],
    ] as const) {
      const { body } = await post('/aris3/transfers/t-1/actions', { action }, token);
      expectThat(at(body, 'status') === expected, `after ${action} the transfer is ${expected}`);
    }
  },
  test_go_live_pos_checkout_and_reports_exports: async ({ get, post, logIn }) => {
    const token = await logIn('operator');
    const bySku = await post('/aris3/pos/checkout', { sku: 'ACC-SALE' }, token);
    const byEpc = await post('/aris3/pos/checkout', { epc: '000000000000000000000001' }, token);
    expectThat(at(bySku.body, 'line', 'from') === 'PENDING', 'SKU sells PENDING');
    expectThat(at(byEpc.body, 'line', 'from') === 'RFID', 'EPC sells RFID');
    for (const path of ['/aris3/reports/overview', '/aris3/exports'])
      expectThat((await get(path, token)).status === 200, `GET ${path} == 200`);
  },
  test_go_live_permission_boundary_sanity: async ({ get, post, logIn }) => {
    expectThat((await get('/aris3/stock')).status === 401, 'no token, no stock');
    expectThat(
      (await post('/aris3/pos/checkout', { sku: 'ACC-SALE' }, await logIn('auditor'))).status === 403,
      'an auditor sells nothing',
    );
  },
};

/**
 * Runs work against a service in this very process with data of its own. That is what the smoke and the checklist do, and their trap: they say
 * nothing about the fleet. Whatever way the release is bad, here it is good; only `failing-smoke` shows (in the test's own result).
 */
export async function withService<Result>(release: string, work: (client: Client) => Promise<Result>): Promise<Result> {
  const password = randomUUID();
  const data = seedDataSet();
  const { server } = createService({
    release,
    secret: randomUUID(),
    password,
    tokenTtlSeconds: 60,
    warmUpMs: 0,
    bad: [],
    readData: () => data,
  });
  const url = `http://127.0.0.1:${await listen(server, 0)}`;
  const bearer = (token?: string): Record<string, string> =>
    token === undefined ? {} : { authorization: `Bearer ${token}` };
  const client: Client = {
    get: (path, token) => httpJson(`${url}${path}`, { headers: bearer(token) }),
    post: (path, body, token) => httpJson(`${url}${path}`, { method: 'POST', body, headers: bearer(token) }),
    logIn: async (username) => {
      const { status, body } = await client.post('/aris3/auth/login', { username_or_email: username, password });
      const token = at(body, 'access_token');
      if (status !== 200 || typeof token !== 'string') throw new Error(`AssertionError: login answered ${status}`);
      return token;
    },
  };
  try {
    return await work(client);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

export interface SmokeResult {
  name: SmokeTest;
  seconds: number;
  /** The assertion that didn't hold; null when the test passed. */
  failure: string | null;
}

/** Runs the given tests in turn. `broken` fails in the middle, as the release's own code would. */
export function runSmoke(
  release: string,
  names: readonly SmokeTest[],
  broken: readonly SmokeTest[],
): Promise<SmokeResult[]> {
  return withService(release, async (client) => {
    const results: SmokeResult[] = [];
    for (const name of names) {
      const begunMs = performance.now();
      const failure = await TESTS[name](client)
        .then(() => expectThat(!broken.includes(name), `release ${release} breaks ${name}`))
        .then(
          () => null,
          (error: unknown) => (error instanceof Error ? error.message : String(error)),
        );
      results.push({ name, seconds: (performance.now() - begunMs) / 1_000, failure });
    }
    return results;
  });
}
