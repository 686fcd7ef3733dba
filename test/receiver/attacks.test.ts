import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ReceiverLab, TOKEN } from './receiver-lab.js';
import { alertmanagerAlert, alertmanagerWebhook } from './webhooks.js';

let lab: ReceiverLab;
beforeEach(async () => {
  lab = await ReceiverLab.open();
});
afterEach(async () => {
  // Whatever came before, it still takes alerts, and broke nowhere.
  expect(await lab.post(alertmanagerWebhook(alertmanagerAlert({ fingerprint: 'after' })))).toMatchObject({
    status: 200,
    body: { signals: 1 },
  });
  expect(lab.logged.filter((line) => line.includes('could not be answered'))).toEqual([]);
  await lab.close();
});

const good = alertmanagerWebhook(alertmanagerAlert());
const head = (more: string) =>
  `POST /alerts/prod HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nauthorization: Bearer ${TOKEN}\r\n${more}\r\n`;

describe('a stranger', () => {
  test.each([
    ['no header', undefined],
    ['an empty header', ''],
    ['no token', 'Bearer '],
    ['a wrong token', 'Bearer nobody-gave-me-this-token'],
    ['the beginning of the token', `Bearer ${TOKEN.slice(0, -1)}`],
    ['more than the token', `Bearer ${TOKEN}x`],
    ['two tokens', `Bearer ${TOKEN} ${TOKEN}`],
    ['another scheme', `Basic ${TOKEN}`],
  ])('with %s gets one and the same answer', async (_, authorization) => {
    const answer = await lab.send({
      method: 'POST',
      path: '/alerts/prod',
      body: JSON.stringify(good),
      headers: { 'content-type': 'application/json', ...(authorization === undefined ? {} : { authorization }) },
    });
    expect(answer).toMatchObject({
      status: 401,
      body: { message: 'the bearer token or the signature is missing or wrong' },
      headers: { 'www-authenticate': 'Bearer' },
    });
    expect(lab.sink.told).toEqual([]);
  });

  test('is not told which environments or shapes there are', async () => {
    const answers = await Promise.all(
      ['/alerts/prod', '/alerts/nowhere'].map((path) => lab.send({ method: 'POST', path, body: '{' })),
    );
    expect(answers.map(({ status }) => status)).toEqual([401, 401]);
  });

  test('who sends without end is cut off', async () => {
    expect(
      await lab.raw(
        'POST /alerts/prod HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n',
        () => `1000\r\n${'x'.repeat(4096)}\r\n`,
      ),
    ).toMatch(/^HTTP\/1.1 401 /);
  });
});

describe('a body', () => {
  test.each([
    ['nothing', ''],
    ['half', '{"alerts":['],
    ['rubbish', '\u0000\u0001\ufffd{]'],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0xc3, 0x28])],
    ['NaN', 'NaN'],
    ['deep', '['.repeat(500_000)],
    ['deep and whole', '['.repeat(250_000) + ']'.repeat(250_000)],
    ['deep in an object', `${'{"alerts":'.repeat(50_000)}1${'}'.repeat(50_000)}`],
    ['null', 'null'],
    ['another program', '{"ok":true}'],
  ])('of %s is refused', async (_, body) => {
    expect(await lab.post(undefined, { body })).toMatchObject({ status: 400 });
  });

  test('deep under an alert changes nothing', async () => {
    const deep = `${'{"x":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
    const body = `{"alerts":[{"labels":{"golive_trigger":"p1","deep":${deep}},"status":"firing"}]}`;
    expect(await lab.post(undefined, { body })).toMatchObject({ status: 200, body: { signals: 1 } });
  });

  test('with keys of prototypes in its labels is data', async () => {
    const body =
      '{"alerts":[{"status":"firing","fingerprint":"constructor","labels":{"golive_trigger":"constructor","__proto__":{"polluted":1}},"annotations":{"__proto__":"x"},"__proto__":{"status":"resolved"}}],"constructor":{"prototype":{"polluted":1}}}';
    expect(await lab.post(undefined, { body })).toMatchObject({ status: 200, body: { signals: 1 } });
    expect(lab.sink.signals).toEqual(['constructor firing alertmanager:constructor']);
    expect('polluted' in {}).toBe(false);
  });

  test('of another type is refused', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', '']) {
      expect(await lab.post(good, { headers: { 'content-type': type } })).toMatchObject({ status: 415 });
    }
    expect(await lab.post(good, { headers: { 'content-encoding': 'gzip' } })).toMatchObject({ status: 415 });
    expect(await lab.post(good, { headers: { 'content-type': 'application/json; charset=utf-8' } })).toMatchObject({
      status: 200,
    });
  });

  test('that is announced too long is refused before it comes', async () => {
    expect(await lab.raw(head('content-length: 1048577\r\n'))).toMatch(/^HTTP\/1.1 413 /);
  });

  test('that is as long as allowed is taken', async () => {
    const text = JSON.stringify(good);
    expect(await lab.post(undefined, { body: text + ' '.repeat(1024 * 1024 - text.length) })).toMatchObject({
      status: 200,
    });
  });

  test('in chunks without end is cut off', async () => {
    expect(await lab.raw(head('transfer-encoding: chunked\r\n'), () => `10000\r\n${' '.repeat(0x10000)}\r\n`)).toMatch(
      /^HTTP\/1.1 413 /,
    );
  });

  test('that breaks off is forgotten', async () => {
    const forgotten = lab.untilLogged('the sender broke off');
    await lab.breakOff(`${head('content-length: 100\r\n')}{"alerts"`);
    await forgotten;
    expect(lab.sink.told).toEqual([]);
  });

  test('repeated a thousand times is one signal', async () => {
    for (let round = 0; round < 20; round += 1) {
      // So many at once that none has to wait its turn for too long.
      await Promise.all(
        Array.from({ length: 10 }, () =>
          lab.post(alertmanagerWebhook(...Array.from({ length: 5 }, () => alertmanagerAlert()))),
        ),
      );
    }
    expect(lab.sink.signals).toEqual(['p1 firing alertmanager:0a1b2c3d4e5f6071@http://am.example']);
  });
});

describe('a path', () => {
  test.each([
    '/',
    '/alerts',
    '/alerts/',
    '/alerts/prod/',
    '/alerts/prod/x',
    '/alerts//prod',
    '/alerts/..',
    '/alerts/../healthz',
    '/alerts/%2e%2e',
    '/alerts/prod%2Fx',
    '/alerts/PROD',
    '/alerts/prod%00',
    '/alerts/__proto__',
    `/alerts/${'p'.repeat(64)}`,
    '//alerts/prod',
    'http://elsewhere/alerts/prod',
    '*',
  ])('%s is none', async (path) => {
    expect(await lab.post(good, { path })).toMatchObject({ status: 404 });
  });

  test('may have a query', async () => {
    expect(await lab.post(good, { path: '/alerts/prod?x=1' })).toMatchObject({ status: 200 });
  });

  test.each(['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('does not take %s', async (method) => {
    expect(await lab.send({ method, path: '/alerts/prod' })).toMatchObject({ status: 405, headers: { allow: 'POST' } });
  });
});

describe('a slow sender', () => {
  beforeEach(async () => {
    await lab.close();
    lab = await ReceiverLab.open({ token: TOKEN }, { headersMs: 100, requestMs: 200 });
  });

  test('of headers is cut off', async () => {
    expect(await lab.raw('POST /alerts/prod HTTP/1.1\r\nhost: x\r\n', () => 'x-more: 1\r\n')).toMatch(
      /^(HTTP\/1.1 408 |$)/,
    );
  });

  test('of a body is cut off', async () => {
    expect(await lab.raw(head('content-length: 100000\r\n'), () => ' ')).toMatch(/^(HTTP\/1.1 408 |$)/);
  });

  test('who says nothing is cut off', async () => {
    expect(await lab.raw('')).toMatch(/^(HTTP\/1.1 408 |$)/);
  });
});

test('headers without end are refused', async () => {
  expect(await lab.raw(`POST /alerts/prod HTTP/1.1\r\nhost: x\r\nx-long: ${'x'.repeat(100_000)}\r\n\r\n`)).toMatch(
    /^(HTTP\/1.1 431 |$)/,
  );
});
