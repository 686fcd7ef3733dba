import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ask } from '../../src/activities/http.js';
import { startDevServer } from '../../src/temporal/dev-server.js';
import { golive, GoLiveProcess } from '../cli/golive-process.js';
import { quiet } from '../support/quiet.js';
import { startOwnWorker, type OwnWorker } from '../temporal/own-worker.js';
import type { Received } from '../temporal/patient.workflow.js';
import { TOKEN } from './receiver-lab.js';
import { alertmanagerAlert, alertmanagerWebhook, resolvedAlert } from './webhooks.js';

const taskQueue = 'patient';
let folder: string;
let own: OwnWorker;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  quiet();
  folder = await mkdtemp(path.join(tmpdir(), 'golive-receive-'));
  own = await startOwnWorker(await startDevServer({ uiPort: false }), './patient.workflow.js', { taskQueue });
  env = {
    PATH: process.env['PATH'],
    GOLIVE_HOME: folder,
    TEMPORAL_ADDRESS: own.server.address,
    GOLIVE_LOG_LEVEL: 'info',
  };
});
afterAll(async () => {
  await own.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const open = (environment: string, more: object = {}) =>
  own.client.workflow.start('patient', { taskQueue, workflowId: `go-live-${environment}`, ...more });
const received = async (environment: string) =>
  (await own.client.workflow.getHandle(`go-live-${environment}`).query<Received>('received')).filter(
    ({ name }) => name !== 'input',
  );

describe('golive receive', () => {
  let receiver: GoLiveProcess;
  let url: string;
  beforeEach(async () => {
    receiver = new GoLiveProcess(['receive', '--listen', '127.0.0.1:0'], { ...env, GOLIVE_RECEIVE_TOKEN: TOKEN });
    url = `http://${(await receiver.document<{ address: string }>()).address}`;
  });
  afterEach(() => receiver.end('SIGKILL'));
  const post = async (environment: string, ...alerts: unknown[]) => {
    const { status, body } = await ask(`${url}/alerts/${environment}`, {
      timeoutMs: 20_000,
      json: alertmanagerWebhook(...alerts),
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    return { status, ...(JSON.parse(body) as object) };
  };

  test('makes signals for the open go-live, once', async () => {
    await open('prod');
    expect(await post('prod', alertmanagerAlert())).toMatchObject({ status: 200, signals: 1 });
    expect(await post('prod', alertmanagerAlert(), resolvedAlert())).toMatchObject({ status: 200, signals: 1 });
    const alert = {
      trigger: 'p1',
      value: '91 %',
      source: 'alertmanager:0a1b2c3d4e5f6071@http://am.example',
      name: 'CheckoutFails',
      link: 'http://prometheus.example/graph',
    };
    expect(await received('prod')).toEqual([
      { name: 'alert', value: { ...alert, state: 'firing', since: '2026-03-01T02:00:00.123Z' } },
      { name: 'alert', value: { ...alert, state: 'resolved', since: '2026-03-01T02:05:00.000Z' } },
    ]);
  });

  test('tells the next go-live what still fires', async () => {
    await open('next');
    await post('next', alertmanagerAlert());
    await own.client.workflow.getHandle('go-live-next').signal('finish');
    await own.client.workflow.getHandle('go-live-next').result();
    expect(await post('next', alertmanagerAlert())).toMatchObject({
      status: 200,
      message: 'no go-live is open in "next", so there is nothing to stop',
    });
    await open('next');
    expect(await post('next', alertmanagerAlert())).toMatchObject({ status: 200, signals: 1 });
    expect(await received('next')).toHaveLength(1);
  });

  test('does not begin a go-live that waits for its time', async () => {
    await open('later', { startDelay: '1h' });
    expect(await post('later', alertmanagerAlert())).toMatchObject({
      status: 200,
      message: expect.stringContaining('no go-live is open'),
    });
    await own.client.workflow.getHandle('go-live-later').terminate();
  });

  test('says which triggers and environments there are', async () => {
    await open('known', { memo: { goLive: { externalTriggers: ['p2'] } } });
    expect(await post('known', alertmanagerAlert())).toMatchObject({
      status: 422,
      signals: 1,
      message: expect.stringContaining('no external trigger "p1". Did you mean "p2"?'),
    });
    expect(await post('elsewhere', alertmanagerAlert())).toMatchObject({ status: 200 });
    const waiting = await own.client.workflow.start('controlledGoLive', {
      taskQueue: 'nobody',
      workflowId: 'go-live-shop',
    });
    let answer: object = {};
    for (const until = Date.now() + 60_000; Date.now() < until; await pause(200)) {
      answer = await post('shpo', alertmanagerAlert());
      if ('status' in answer && answer.status === 404) break; // the server lists what it has with a delay
    }
    expect(answer).toMatchObject({ status: 404, message: expect.stringContaining('Did you mean "shop"?') });
    expect(await post('shop', alertmanagerAlert())).toMatchObject({ status: 200, signals: 1 });
    await waiting.terminate();
  });

  test('is ready, and ends in order', async () => {
    expect((await ask(`${url}/healthz`, { timeoutMs: 10_000 })).status).toBe(200);
    const { exitCode, stdout } = await receiver.end('SIGTERM');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('receiver has stopped');
    expect(stdout).not.toContain(TOKEN);
  });
});

describe('golive receive without Temporal', () => {
  test('asks senders to come again, and says that it is not ready', async () => {
    const server = await startDevServer({ uiPort: false });
    const receiver = new GoLiveProcess(['receive', '--listen', '127.0.0.1:0'], {
      ...env,
      TEMPORAL_ADDRESS: server.address,
      GOLIVE_RECEIVE_TOKEN: TOKEN,
    });
    const { address } = await receiver.document<{ address: string }>();
    await server.stop();
    const { status, body } = await ask(`http://${address}/alerts/prod`, {
      timeoutMs: 20_000,
      json: alertmanagerWebhook(alertmanagerAlert()),
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    expect({ status, body: JSON.parse(body) as unknown }).toMatchObject({
      status: 503,
      body: { message: "Temporal can't be asked now: send it again" },
    });
    expect((await ask(`http://${address}/healthz`, { timeoutMs: 20_000 })).status).toBe(503);
    expect(await receiver.end('SIGINT')).toMatchObject({ exitCode: 0 });
  });
});

describe('golive receive is refused', () => {
  const refused = (args: string[], more: NodeJS.ProcessEnv = {}) => golive(['receive', ...args], { ...env, ...more });

  test('everywhere but on this machine without a token or a key', async () => {
    const { exitCode, stderr } = await refused(['--listen', '0.0.0.0:0']);
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('Without a token or a key everyone who reaches 0.0.0.0 could stop a go-live'),
    });
  });

  test('with a secret that is short, empty or not there, without showing it', async () => {
    const empty = path.join(folder, 'empty');
    await writeFile(empty, '\n');
    const results = await Promise.all([
      refused(['--listen', '127.0.0.1:0'], { GOLIVE_RECEIVE_HMAC_KEY: 'guess-me' }),
      refused(['--token-file', empty]),
      refused(['--token-file', path.join(folder, 'none')]),
    ]);
    expect(results.map(({ exitCode }) => exitCode)).toEqual([2, 2, 2]);
    expect(results[0]?.stderr).toContain('GOLIVE_RECEIVE_HMAC_KEY has 8 characters; expected at least 16');
    expect(results.map(({ stdout, stderr }) => stdout + stderr).join('')).not.toContain('guess-me');
  });

  test('on an address that is taken, or is none', async () => {
    const other = createServer();
    await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening));
    const address = other.address();
    const taken = await refused(['--listen', `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`]);
    expect(taken).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('EADDRINUSE') });
    expect(taken.stdout).toContain('NO TOKEN AND NO KEY');
    await new Promise((closed) => other.close(closed));
    expect(await refused(['--listen', '9099'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('"9099" is not an address to listen on'),
    });
  });
});
