import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { listRuns, type ListedRun } from '../../../src/cli/run/list-runs.js';
import { connectClient, embeddedTarget } from '../../../src/temporal/connection.js';
import { startDevServer, type DevServer } from '../../../src/temporal/dev-server.js';
import { PATIENCE_MS } from '../../support/patience.js';
import { golive } from '../golive-process.js';

let server: DevServer;
let client: Client;
beforeAll(async () => {
  server = await startDevServer({ uiPort: false });
  client = await connectClient(embeddedTarget(server));
});
afterAll(async () => {
  await client.connection.close();
  await server.stop();
});

/** A run that no worker takes: what is listed the server knows by itself. */
async function run(workflowId: string, goLive?: unknown, workflowType = 'controlledGoLive') {
  return await client.workflow.start(workflowType, {
    taskQueue: 'nobody',
    workflowId,
    args: [],
    ...(goLive === undefined ? {} : { memo: { goLive } }),
  });
}

/** The server's list is a moment behind its runs. */
async function listed(until: (runs: readonly ListedRun[]) => boolean): Promise<ListedRun[]> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const runs = await listRuns(client, 'default', Date.now());
    if (until(runs) || performance.now() > end) return runs;
    await pause(50);
  }
}

test('lists the newest go-live of each environment, the open ones first, by what the server knows alone', async () => {
  expect(await listRuns(client, 'default', Date.now())).toEqual([]);
  const known = { release: 'RC.3', previousRelease: 'RC.2', decisionOwner: 'Ana' };
  await (await run('go-live-alpha', { ...known, outcome: 'completed' })).terminate();
  await (await run('go-live-alpha', { ...known, release: 'RC.4', outcome: 'rolled-back' })).terminate();
  await (await run('go-live-beta', 'rubbish')).terminate();
  await (await run('go-live-beta-dry-run')).terminate();
  await run('go-live-prod', {
    ...known,
    phase: 'soaking',
    since: '2026-03-01T02:00:00.000Z',
    holds: [{ id: 'soak-canary', reason: 'x', choices: ['extend'] }],
  });
  await run('go-live-prod-dry-run');
  await run('somebody-else', undefined, 'theirs');
  const runs = await listed((all) => all.length === 4 && all.filter(({ open }) => open).length === 2);
  expect(runs).toMatchObject([
    {
      environment: 'prod',
      open: true,
      dryRun: false,
      ...known,
      phase: 'soaking',
      since: '2026-03-01T02:00:00.000Z',
      holds: ['soak-canary'],
      build: { behavior: 'unversioned', workers: 0 },
    },
    { environment: 'prod', open: true, dryRun: true, holds: [] },
    { environment: 'alpha', open: false, release: 'RC.4', outcome: 'rolled-back' },
    { environment: 'beta', open: false, outcome: 'terminated' },
  ]);
  const said = await golive(['list'], { PATH: process.env['PATH'], TEMPORAL_ADDRESS: server.address });
  expect(said).toMatchObject({ exitCode: 0 });
  const lines = said.stdout.trim().split('\n');
  expect(lines.slice(4)).toEqual([
    '',
    'NO WORKER takes prod, prod (rehearsal): nothing is decided there until one is back. Start one where the playbook file and the ledger are: golive worker (or golive up)',
    'What is known of it: golive status prod',
  ]);
  expect(lines[0]).toMatch(/^prod +SOAKING +RC\.3 ← RC\.2 +for .* · waits for an answer: soak-canary · owner Ana/);
  expect(lines[2]).toMatch(/^alpha +ROLLED-BACK +RC\.4 ← RC\.2 +at \d{4}-\d\d-\d\d /);
  const mistyped = await golive(['status', 'prdo'], { PATH: process.env['PATH'], TEMPORAL_ADDRESS: server.address });
  expect(mistyped.exitCode).toBe(5);
  expect(mistyped.stderr).toMatch(
    /There is no go-live go-live-prdo .* Open now: prod \(soaking\), prod's rehearsal \(not begun\)\. Did you mean "prod"\?/,
  );
  expect(mistyped.stderr).not.toContain('golive start');
  const environment = { PATH: process.env['PATH'], TEMPORAL_ADDRESS: server.address, GOLIVE_PLAYBOOK: 'golive.yaml' };
  const rehearsal = await golive(['status', 'sandbox', '--dry-run'], environment);
  expect(rehearsal.exitCode).toBe(5);
  expect(rehearsal.stderr).toMatch(
    /There is no rehearsal go-live-sandbox-dry-run .*The playbook file golive\.yaml has: sandbox\./,
  );
  // Who waits for one that nobody knows would wait for ever.
  for (const waiting of ['watch', 'follow'])
    expect(await golive([waiting, 'snadbox'], environment)).toEqual({
      exitCode: 5,
      stdout: '',
      stderr: expect.stringMatching(
        /^There is no go-live go-live-snadbox .* Open now: prod \(soaking\).* Did you mean "sandbox"\? The playbook file golive\.yaml has: sandbox\./,
      ),
    });
  const document = await golive(['list', '--json'], { PATH: process.env['PATH'], TEMPORAL_ADDRESS: server.address });
  expect(JSON.parse(document.stdout)).toEqual({ runs: JSON.parse(JSON.stringify(runs)) as unknown });
});
