import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startDevServer } from '../../../src/temporal/dev-server.js';
import { quiet } from '../../support/quiet.js';
import { startOwnWorker, type OwnWorker } from '../../temporal/own-worker.js';
import type { Received } from '../../temporal/patient.workflow.js';
import { golive } from '../golive-process.js';

let folder: string;
let own: OwnWorker;

beforeAll(async () => {
  quiet();
  folder = await mkdtemp(path.join(tmpdir(), 'golive-steering-'));
  own = await startOwnWorker(await startDevServer({ uiPort: false }), './patient.workflow.js', {
    taskQueue: 'patient',
  });
  await own.client.workflow.start('patient', { taskQueue: 'patient', workflowId: 'go-live-prod' });
});
afterAll(async () => {
  await own.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const say = (...args: string[]) =>
  golive(args, { PATH: process.env['PATH'], GOLIVE_HOME: folder, TEMPORAL_ADDRESS: own.server.address });
const lastReceived = async () =>
  (await own.client.workflow.getHandle('go-live-prod').query<Received>('received')).at(-1);

test.each(['pause', 'resume', 'promote'])('%s sends its signal with who and why', async (signal) => {
  const { exitCode, stdout } = await say(signal, 'prod', '--by', 'Ana', '--reason', 'looked at it');
  expect({ exitCode, stdout }).toEqual({
    exitCode: 0,
    stdout: `Sent to go-live-prod: ${signal}. What it did, or why it has no effect: golive status prod\n`,
  });
  expect(await lastReceived()).toEqual({ name: signal, value: { reason: 'looked at it', by: 'Ana' } });
});

test('alert sends what is said, and now where no time is', async () => {
  const before = Date.now();
  const { exitCode, stdout } = await say(
    'alert',
    'prod',
    '--trigger',
    'p1-alert',
    '--state',
    'firing',
    '--value',
    '7 %',
    '--json',
  );
  expect(exitCode).toBe(0);
  const document = JSON.parse(stdout) as { since: string };
  expect(document).toMatchObject({ environment: 'prod', workflowId: 'go-live-prod', signal: 'alert', recorded: true });
  expect(Date.parse(document.since)).toBeGreaterThanOrEqual(before);
  expect(await lastReceived()).toEqual({
    name: 'alert',
    value: { trigger: 'p1-alert', state: 'firing', since: document.since, value: '7 %', source: 'cli' },
  });
  await say(
    'alert',
    'prod',
    '--trigger',
    'p1-alert',
    '--state',
    'resolved',
    '--since',
    '2026-03-01T03:00:00+01:00',
    '--source',
    'ana',
  );
  expect(await lastReceived()).toEqual({
    name: 'alert',
    value: { trigger: 'p1-alert', state: 'resolved', since: '2026-03-01T02:00:00.000Z', source: 'ana' },
  });
});

test.each([
  [['alert', 'prod', '--trigger', 'P1', '--state', 'firing'], 2, `The alert's trigger is "P1"`],
  [['alert', 'prod', '--trigger', 'p1', '--state', 'gone'], 2, 'Allowed choices are firing, resolved, unknown'],
  [['alert', 'prod', '--trigger', 'p1', '--state', 'firing', '--since', 'yesterday'], 2, 'Write a time with its zone'],
  [['pause', 'prod'], 2, "required option '--reason <text>' not specified"],
  [['pause', 'staging', '--reason', 'x'], 5, 'There is no go-live go-live-staging'],
  [['alert', 'staging', '--trigger', 'p1', '--state', 'firing'], 5, 'There is no go-live go-live-staging'],
])('%j ends with %i', async (args, exitCode, why) => {
  expect(await say(...args)).toMatchObject({ exitCode, stderr: expect.stringContaining(why) });
});

test('a go-live that has ended is not steered', async () => {
  await own.client.workflow.signalWithStart('patient', {
    taskQueue: 'patient',
    workflowId: 'go-live-ended',
    signal: 'finish',
  });
  await own.client.workflow.getHandle('go-live-ended').result();
  expect(await say('promote', 'ended', '--reason', 'x')).toMatchObject({
    exitCode: 4,
    stderr: expect.stringContaining('go-live-ended has ended, so there is nothing to promote'),
  });
});
