import { afterEach, describe, expect, test } from '@jest/globals';
import type { Server } from 'node:http';
import type { DataSet } from '../../sandbox/data/data-set.js';
import { seedDataSet } from '../../sandbox/data/seed.js';
import { httpJson } from '../../sandbox/http-json.js';
import { stockAnswer } from '../../sandbox/service/answers.js';
import { driftStock } from '../../sandbox/service/faults.js';
import { listen } from '../../sandbox/service/listen.js';
import { createService } from '../../sandbox/service/service.js';
import { issueToken, readToken } from '../../sandbox/service/token.js';

const SECRET = 'a secret of this test';

describe('one instance of the service', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  async function start(options: { warmUpMs?: number; readData?: () => DataSet } = {}): Promise<string> {
    const service = createService({
      release: 'RC.2',
      secret: SECRET,
      password: 'right',
      tokenTtlSeconds: 60,
      warmUpMs: 0,
      bad: [],
      readData: seedDataSet,
      ...options,
    });
    server = service.server;
    return `http://127.0.0.1:${await listen(server, 0)}`;
  }
  const bearer = (role: string): Record<string, string> => ({
    authorization: `Bearer ${issueToken({ sub: role, role, exp: 4_000_000_000 }, SECRET)}`,
  });

  test('health and ready name the release, in the shape of ARIS3', async () => {
    const url = await start();
    for (const [path, readiness] of [
      ['/health', 'live'],
      ['/ready', 'ready'],
    ] as const) {
      const { status, body } = await httpJson(`${url}${path}`);
      expect(status).toBe(200);
      expect(body).toEqual({
        ok: true,
        service: 'aris3',
        version: 'RC.2',
        readiness,
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
        trace_id: expect.stringMatching(/^trace-/),
      });
    }
  });

  test('without its database it is alive but not ready', async () => {
    const url = await start({
      readData: () => {
        throw new Error('database away');
      },
    });
    expect((await httpJson(`${url}/health`)).status).toBe(200);
    expect(await httpJson(`${url}/ready`)).toMatchObject({ status: 503, body: { ok: false, readiness: 'not-ready' } });
    expect((await httpJson(`${url}/aris3/stock`, { headers: bearer('operator') })).status).toBe(500);
  });

  test('wrong credentials, a bad body and an unknown path are told apart', async () => {
    const url = await start();
    const login = (body: object) => httpJson(`${url}/aris3/auth/login`, { method: 'POST', body });
    expect(await login({ username_or_email: 'operator', password: 'wrong' })).toMatchObject({
      status: 401,
      body: { code: 'INVALID_CREDENTIALS', message: 'Invalid credentials' },
    });
    expect((await login({})).status).toBe(422);
    expect((await login({ username_or_email: 'operator', password: 'right' })).body).toMatchObject({
      token_type: 'bearer',
      must_change_password: false,
    });
    expect((await httpJson(`${url}/aris3/nothing`)).status).toBe(404);
  });

  test('POS behaviour is frozen: EPC sells RFID, SKU sells PENDING, without a fallback; an auditor sells nothing', async () => {
    const url = await start();
    const sell = (body: object, role = 'operator') =>
      httpJson(`${url}/aris3/pos/checkout`, { method: 'POST', body, headers: bearer(role) });
    expect(await sell({ epc: '000000000000000000000001' })).toMatchObject({
      status: 200,
      body: { line: { from: 'RFID' } },
    });
    expect(await sell({ sku: 'ACC-SALE' })).toMatchObject({ status: 200, body: { line: { from: 'PENDING' } } });
    expect((await sell({ sku: 'ACC-1' })).status).toBe(409);
    expect((await sell({ sku: 'ACC-SALE' }, 'auditor')).status).toBe(403);
  });

  test('while it warms up the histogram shows some 400 ms', async () => {
    const url = await start({ warmUpMs: 60_000 });
    await httpJson(`${url}/aris3/exports`, { headers: bearer('operator') });
    const metrics = (await httpJson(`${url}/aris3/ops/metrics`)).body;
    expect(metrics).toContain(
      'http_request_duration_ms_bucket{le="250.0",method="GET",route="/aris3/exports",status="200"} 0.0',
    );
    expect(metrics).toContain('http_request_duration_ms_count{method="GET",route="/aris3/exports",status="200"} 1.0');
  });

  test('counters begin at zero, and routes are templates', async () => {
    const url = await start();
    const counters = async (): Promise<string[]> =>
      String((await httpJson(`${url}/aris3/ops/metrics`)).body)
        .split('\n')
        .filter((line) => line.startsWith('http_requests_total'));
    expect(await counters()).toEqual([]);
    await httpJson(`${url}/aris3/transfers/t-17/actions`, {
      method: 'POST',
      body: { action: 'dispatch' },
      headers: bearer('operator'),
    });
    expect(await counters()).toContain(
      'http_requests_total{method="POST",route="/aris3/transfers/{id}/actions",status="200"} 1.0',
    );
  });
});

test('the drifts of the frozen rules show in the stock answer', () => {
  const answer = stockAnswer(seedDataSet());
  expect(driftStock(answer, 'totals')).toMatchObject({ totals: { total_units: 33 } });
  expect(driftStock(answer, 'in-transit-sellable')).not.toEqual(answer);
  expect(driftStock(answer, undefined)).toEqual(answer);
});

test('a token says who, until it is too old or somebody wrote in it', () => {
  const token = issueToken({ sub: 'operator', role: 'operator', exp: 100 }, SECRET);
  expect(readToken(token, SECRET, 99)).toMatchObject({ sub: 'operator' });
  expect(readToken(token, SECRET, 100)).toBeNull();
  expect(readToken(token, 'another secret', 99)).toBeNull();
  expect(readToken('rubbish', SECRET, 99)).toBeNull();
});
