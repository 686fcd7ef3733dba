import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { findTemporalCli } from '../../src/temporal/cli-binary.js';
import { connectClient, embeddedTarget } from '../../src/temporal/connection.js';
import { startDevServer } from '../../src/temporal/dev-server.js';
import type { DevServer } from '../../src/temporal/dev-server.js';
import { SEARCH_ATTRIBUTES } from '../../src/temporal/server-settings.js';

const run = promisify(execFile);
const script = fileURLToPath(new URL('../../../deploy/temporal-namespace.sh', import.meta.url));
let folder: string;
let server: DevServer;

beforeAll(async () => {
  const { path: cli } = await findTemporalCli();
  folder = await mkdtemp(path.join(tmpdir(), 'golive-namespace-'));
  await symlink(cli, path.join(folder, 'temporal'));
  server = await startDevServer({ cli, uiPort: false });
});

afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

test('the namespace step creates the namespace as golive needs it, and corrects it when run again', async () => {
  const prepare = async (retention: string) => {
    const env = {
      PATH: `${folder}${path.delimiter}${process.env['PATH']}`,
      HOME: folder,
      TEMPORAL_ADDRESS: server.address,
      TEMPORAL_NAMESPACE: 'golive',
      RETENTION: retention,
    };
    await run('sh', [script], { env });
  };
  const client = await connectClient(embeddedTarget({ address: server.address, namespace: 'golive' }));
  const days = async () => {
    const { config } = await client.workflowService.describeNamespace({ namespace: 'golive' });
    return Number(config?.workflowExecutionRetentionTtl?.seconds) / 86_400;
  };
  await prepare('3d');
  expect(await days()).toBe(3);
  await prepare('30d');
  expect(await days()).toBe(30);
  const { customAttributes } = await client.connection.operatorService.listSearchAttributes({ namespace: 'golive' });
  expect(Object.keys(customAttributes)).toEqual(expect.arrayContaining(Object.keys(SEARCH_ATTRIBUTES)));
  await client.connection.close();
});
