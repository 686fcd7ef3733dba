import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startDevServer, type DevServer } from '../../../src/temporal/dev-server.js';
import type { Diagnosis } from '../../../src/cli/doctor/diagnosis.js';
import { golive } from '../golive-process.js';

let folder: string;
let server: DevServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'golive-doctor-'));
  server = await startDevServer({ uiPort: false });
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

test('it looks at everything, says what is bad, and ends with that as its exit code', async () => {
  const env = { PATH: process.env['PATH'], GOLIVE_HOME: join(folder, 'home'), TEMPORAL_ADDRESS: server.address };
  const said = await golive(['doctor', 'sandbox', '--json'], env);
  expect(said.exitCode).toBe(8);
  const { findings, exitCode } = JSON.parse(said.stdout) as { findings: Diagnosis[]; exitCode: number };
  expect(exitCode).toBe(8);
  const of = (what: string) => findings.find((each) => each.what === what);
  expect(of('answers')).toMatchObject({ state: 'ok', detail: expect.stringContaining('Temporal ') });
  expect(of('namespace default')).toMatchObject({ state: 'ok' });
  expect(of('search attributes')).toMatchObject({ state: 'ok' });
  expect(of('Temporal server')).toMatchObject({ state: 'ok', detail: 'goes with this host’s' });
  expect(of('golive (workflows)')).toMatchObject({ state: 'bad', command: 'golive worker' });
  expect(of('golive.yaml')).toMatchObject({ state: 'ok' });
  expect(of('sandbox: variables')).toMatchObject({ state: 'bad' });
  expect(of('disk')).toBeDefined();
  // A command outlives the process group of what stands for a worker.
  expect(of('survives its worker')).toMatchObject({ state: 'ok' });
  // Each that isn't well says what mends it.
  for (const { state, cure } of findings) expect(cure === undefined).toBe(state === 'ok');
});
