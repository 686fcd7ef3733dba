import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Client } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { planDiffers } from '../../../src/cli/run/plan-differs.js';
import type { FoundServer } from '../../../src/cli/server/found-server.js';
import { rememberWorker } from '../../../src/cli/server/worker-record.js';
import { homeAt } from '../../../src/home.js';
import { currentPlan } from '../../../src/plans/plan-store.js';

let home: string;
let edited: string;
let hash: string;
let server: FoundServer;
beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'plan-differs-'));
  edited = path.join(home, 'it is edited.yaml');
  const text = await readFile('golive.yaml', 'utf8');
  await writeFile(edited, text.replace('for: 8s, action: rollback', 'for: 10s, action: rollback'));
  ({ hash } = await currentPlan('golive.yaml', 'sandbox'));
  const target = { address: 'a:1', namespace: 'golive' };
  server = { home: homeAt(home), target } as unknown as FoundServer;
});
afterAll(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));

/** A server whose newest go-live of the environment has left this. */
const after = (goLive: unknown, asked: string[] = []): Client =>
  ({
    withDeadline: (_: number, ask: () => unknown) => ask(),
    workflow: {
      getHandle: (workflowId: string) => {
        asked.push(workflowId);
        return { describe: () => Promise.resolve({ memo: { goLive } }) };
      },
    },
  }) as unknown as Client;

test('another plan is told, with the command that shows what differs', async () => {
  const asked: string[] = [];
  expect(await planDiffers(after({ planHash: hash }, asked), 'sandbox', server, edited)).toBe(
    `The plan differs from that of the last go-live (${hash.slice(7, 19)}). What differs: golive plan sandbox --diff ${hash.slice(7, 19)}`,
  );
  expect(asked).toEqual(['go-live-sandbox']);
});

test("the file of this home's worker is named in it", async () => {
  await rememberWorker(server.home, server.target, edited);
  expect(await planDiffers(after({ planHash: hash }), 'sandbox', server)).toMatch(
    new RegExp(`--diff ${hash.slice(7, 19)} --playbook '${edited}'$`),
  );
});

test.each<[string, () => Client, file?: string]>([
  ['the same plan', () => after({ planHash: hash }), 'golive.yaml'],
  ['no go-live before that froze a plan', () => after({})],
  ['a memo of somebody else', () => after({ planHash: 'x; rm -rf /' })],
  ['no file that can be read', () => after({ planHash: hash }), 'nowhere.yaml'],
  ['a server that fails', () => ({ withDeadline: () => Promise.reject(new Error('gone')) }) as unknown as Client],
])('%s: nothing is told', async (_, client, file = edited) => {
  expect(await planDiffers(client(), 'sandbox', server, file)).toBeUndefined();
});
