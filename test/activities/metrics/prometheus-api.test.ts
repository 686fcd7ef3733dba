import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MetricReadings } from '../../../src/activities/metrics/metric-readings.js';
import type { Reading } from '../../../src/domain/watching/reading.js';
import { metricLook } from '../../support/metric-look.js';

/** What stands in for Prometheus: it keeps what it was asked, and answers what the test says. */
let asked: { url: string; authorization: string | undefined; query: string }[];
let answer: (response: ServerResponse, query: string) => void;
let server: Server;
let url: string;

beforeEach(async () => {
  asked = [];
  const receive = async (request: IncomingMessage, response: ServerResponse) => {
    let body = '';
    for await (const chunk of request as AsyncIterable<Buffer>) body += chunk.toString();
    const query = new URLSearchParams(body).get('query') ?? '';
    asked.push({ url: `${request.method} ${request.url}`, authorization: request.headers.authorization, query });
    answer(response, query);
  };
  server = createServer((request, response) => void receive(request, response));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

const json =
  (body: unknown, status = 200) =>
  (response: ServerResponse) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
const vector = (...parts: [string, string][]) => ({
  status: 'success',
  data: {
    resultType: 'vector',
    result: parts.map(([part, value]) => ({ metric: { golive_part: part }, value: [1_700_000_000.5, value] })),
  },
});
const PARTS = vector(['requests', '200'], ['errors', '4'], ['age', '2.5']);

function read({
  prometheus = {},
  check = {},
  environment = {},
  target = 'service',
  canary = undefined as string | undefined,
  signal = new AbortController().signal,
} = {}): Promise<Reading> {
  const look = metricLook(
    {
      metrics: { prometheus: { url: '${PROM}/', ...prometheus } },
      check: { measure: 'error-rate', guardrail: { below: '1%' }, timeout: '2s', ...check },
      canary: { url: 'http://127.0.0.1:1', ...(canary === undefined ? {} : { selector: canary }) },
    },
    { target, signal },
  );
  return new MetricReadings({ PROM: url, ...environment }).read(look);
}
const none = (text: string | RegExp) => ({
  kind: 'none',
  text:
    typeof text === 'string' ? (expect.stringContaining(text) as unknown) : (expect.stringMatching(text) as unknown),
});

test('one question for one look, as a form: long queries fit', async () => {
  answer = json(PARTS);
  expect(await read()).toEqual({ kind: 'value', value: 0.02, text: 'of 200 requests' });
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatchObject({ url: 'POST /api/v1/query', authorization: undefined });
  expect(asked[0]?.query).toContain('route!="/health",route!="/ready"');
});

describe('who asks', () => {
  test("bearer and basic, resolved in the worker's environment", async () => {
    answer = json(PARTS);
    await read({ prometheus: { bearer: '${TOKEN}' }, environment: { TOKEN: 'abc' } });
    await read({
      prometheus: { basic: { username: 'golive', password: '${PASSWORD}' } },
      environment: { PASSWORD: 'ä:b' },
    });
    expect(asked.map(({ authorization }) => authorization)).toEqual([
      'Bearer abc',
      `Basic ${Buffer.from('golive:ä:b').toString('base64')}`,
    ]);
  });
  test('a variable that is missing is said, and nothing is asked', async () => {
    expect(await read({ prometheus: { bearer: '${TOKEN}' } })).toMatchObject(
      none('needs the environment variable TOKEN'),
    );
    expect(asked).toEqual([]);
  });
  test.each([401, 403])('%s: the credentials were refused', async (status) => {
    answer = json({ message: 'no' }, status);
    expect(await read()).toMatchObject(none(`refused the credentials (${status})`));
  });
  test('what a server repeats of a secret is not shown', async () => {
    answer = json({ status: 'error', errorType: 'bad_data', error: 'got Bearer s3cret-token' }, 400);
    const reading = await read({ prometheus: { bearer: '${TOKEN}' }, environment: { TOKEN: 's3cret-token' } });
    expect(reading).toMatchObject(none('[redacted]'));
    expect(reading.text).not.toContain('s3cret');
    answer = json({ status: 'error', errorType: 'bad_data', error: `${'x'.repeat(176)} Bearer s3cret-token` }, 400);
    const cutOff = await read({ prometheus: { bearer: '${TOKEN}' }, environment: { TOKEN: 's3cret-token' } });
    expect(cutOff.text).toContain('Bearer [redacted]…');
    expect(JSON.stringify(reading)).not.toContain('s3cret');
  });
});

describe('no reading, with a sentence', () => {
  test.each<[string, (response: ServerResponse) => void, string | RegExp]>([
    ['503', (response) => void response.writeHead(503).end('starting'), 'Prometheus answered 503'],
    [
      "a query it can't read",
      json({ status: 'error', errorType: 'bad_data', error: 'parse error: unexpected end' }, 400),
      'answered 400: bad_data: parse error',
    ],
    [
      'an error that calls itself 200',
      json({ status: 'error', errorType: 'execution', error: 'query timed out' }),
      'execution: query timed out',
    ],
    ['a redirect', (response) => void response.writeHead(302, { location: '/login' }).end(), 'redirect (302)'],
    ['rubbish', (response) => void response.end('<html>hello</html>'), 'got <html>hello</html>'],
    ['nothing', (response) => void response.end(), 'got nothing'],
    ['another shape', json({ status: 'success', data: { resultType: 'matrix', result: [] } }), 'a vector or a scalar'],
    [
      'a part of the answer',
      json({ ...PARTS, warnings: ['store 10.0.0.3 is away'] }),
      'only a part of the answer: store 10.0.0.3 is away',
    ],
    [
      'an error beside its answer',
      json({ ...PARTS, error: 'shard 2 timed out' }),
      'beside its answer: shard 2 timed out',
    ],
    ['a number in another spelling', json(vector(['requests', '0x10'], ['age', '1'])), ''],
    ['empty: the metrics are gone', json(vector()), 'no current sample'],
    ['old samples', json(vector(['requests', '9'], ['age', '61.2'])), '1m 1s old'],
    ['a reset', (response) => void response.socket?.destroy(), /ECONNRESET|socket hang up/],
  ])('%s', async (_, how, text) => {
    answer = how;
    expect(await read()).toMatchObject(none(text));
  });
  test("no answer within the check's timeout", async () => {
    answer = () => undefined;
    expect(await read({ check: { timeout: '100ms' } })).toMatchObject(none(/no answer within \d+ms/));
  });
  test('numbers as Prometheus writes them', async () => {
    answer = json({ status: 'success', data: { resultType: 'scalar', result: [1, '+Inf'] } });
    expect(await read({ check: { measure: undefined, promql: 'x', guardrail: { below: 1 } } })).toMatchObject(
      none('+Inf'),
    );
  });
});

test("the plan's own PromQL has until the check's timeout for all its questions", async () => {
  answer = (response, query) =>
    void (query === 'd' ? undefined : json(query === 'q' ? vector() : vector(['age', '1'], ['known', '1']))(response));
  const check = { measure: undefined, promql: 'q', denominator: 'd', guardrail: { below: 1 }, timeout: '300ms' };
  expect(await read({ check })).toMatchObject(none('no answer within'));
  expect(asked.map(({ query }) => query)).toContain('d');
});

describe("a stage's own target", () => {
  test('is asked for with its own label matchers, filled and escaped', async () => {
    answer = json(PARTS);
    await read({
      target: 'canary',
      canary: 'job="aris3",release="{release}",region="${REGION}"',
      environment: { REGION: 'eu' },
    });
    expect(asked[0]?.query).toContain('http_requests_total{job="aris3",release="RC.3",region="eu",route!="/health"');
  });
  test('without matchers there is nothing to ask for', async () => {
    expect(await read({ target: 'canary' })).toMatchObject(none('the target "canary" has no selector'));
  });
});

test('a look that is broken off rejects', async () => {
  answer = () => undefined;
  const stop = new AbortController();
  const reading = read({ signal: stop.signal });
  setTimeout(() => stop.abort(new Error('nobody waits')), 30);
  await expect(reading).rejects.toThrow('nobody waits');
});
