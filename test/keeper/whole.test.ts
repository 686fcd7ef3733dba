import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WORKFLOW_TYPE } from '../../src/domain/run/workflow-id.js';
import { homeAt } from '../../src/home.js';
import { readEvidence } from '../support/read-evidence.js';
import { placeOf } from '../../src/journals/place.js';
import { createLog } from '../../src/logging.js';
import { connectClient, embeddedTarget } from '../../src/temporal/connection.js';
import { startDevServer, type DevServer } from '../../src/temporal/dev-server.js';
import { startGoLiveWorker } from '../../src/worker.js';
import { quiet } from '../support/quiet.js';

const workflowId = 'go-live-nowhere';
let server: DevServer;
let folder: string;
beforeAll(async () => {
  quiet();
  server = await startDevServer({ uiPort: false });
  folder = await mkdtemp(join(tmpdir(), 'golive-keeper-'));
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const newWorker = () =>
  startGoLiveWorker({
    home: homeAt(folder),
    playbookFile: 'examples/aris3/golive.yaml',
    target: embeddedTarget(server),
    environment: { PATH: process.env['PATH'] },
    log: createLog(),
  });
const evidence = async () => (await readEvidence(homeAt(folder).evidence, workflowId))[0];

test('a worker that died before it wrote the end of a run: the next one has the run replayed, and its evidence is whole', async () => {
  const client = await connectClient(embeddedTarget(server));
  const first = await newWorker();
  const run = await client.workflow.start(WORKFLOW_TYPE, {
    workflowId,
    taskQueue: first.taskQueue,
    args: [{ environment: 'nowhere', release: 'RC.3', previousRelease: 'RC.2', decisionOwner: 'Ana' }],
  });
  await run.signal('abort', { reason: 'enough', by: 'Ana' });
  expect(await run.result()).toMatchObject({ outcome: 'aborted' });
  await first.stop();
  const before = await evidence();
  expect(before?.decided.at(-1)?.kind).toBe('end');
  const at = placeOf(homeAt(folder).evidence, { workflowId, runId: run.firstExecutionRunId });
  const [journal = ''] = (await readdir(at)).filter((each) => each.startsWith('decided-'));
  const text = await readFile(join(at, journal), 'utf8');
  await truncate(join(at, journal), Buffer.byteLength(text.slice(0, text.indexOf('"kind":"end"'))));
  expect((await evidence())?.decided.at(-1)?.kind).not.toBe('end');
  await rm(homeAt(folder).keeping, { force: true });

  const second = await newWorker();
  const done = async () => (await readFile(homeAt(folder).keeping, 'utf8').catch(() => '')).includes('"done":true');
  while (!(await done())) await new Promise((next) => setTimeout(next, 50));
  await second.stop();
  await client.connection.close();
  const after = await evidence();
  expect(after?.decided).toEqual(before?.decided);
  expect(after?.faults.map(({ kind }) => kind)).not.toContain('missing');
});
