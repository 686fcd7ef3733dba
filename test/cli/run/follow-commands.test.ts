import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { followCommands } from '../../../src/cli/run/follow-commands.js';
import { commandNamed, type RunCommand } from '../../../src/cli/run/run-commands.js';
import type { RunView } from '../../../src/cli/run/run-view.js';
import { OutputPrinter } from '../../../src/cli/terminal/output-printer.js';
import { Ledger } from '../../../src/ledger/ledger.js';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'golive-follow-'))));
afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

const command = (step: string, state: string): RunCommand => ({ step, generation: 1, state, lastLine: '' });
const viewOf = (running: boolean, ...commands: RunCommand[]) =>
  ({ workflowId: 'go-live-prod', runId: 'run-1', running, pending: [], status: { commands } }) as unknown as RunView;

/** Follows a run whose commands are in a ledger here; `looks` is what is seen of it one look after the other. */
async function follow(
  step: string,
  andNext: boolean,
  looks: readonly RunView[],
): Promise<{ out: string; notes: string[] }> {
  const ledger = await Ledger.open(folder);
  for (const name of ['branch', 'deploy', 'smoke', 'rollback']) {
    const key = { workflowId: 'go-live-prod', firstExecutionRunId: 'run-1', step: name, generation: 1 };
    await ledger.authorise([key]);
    const spec = {
      environment: 'prod',
      workingDirectory: folder,
      env: {},
      deadlineMs: 9_000,
      stopGraceMs: 100,
      secrets: [],
    };
    await ledger.run(key, { ...spec, argv: ['/bin/echo', name] });
  }
  let out = '';
  const notes: string[] = [];
  const [first, ...later] = looks;
  const stream = { isTTY: false, write: (bytes: Buffer | string) => (out += bytes.toString()) !== '' };
  await followCommands(
    {
      client: {} as Client,
      look: () => Promise.resolve(later.length > 1 ? later.shift()! : later[0]!),
      ledger: folder,
      note: (text) => notes.push(text),
      printer: () => new OutputPrinter({ stdout: stream, stderr: stream }),
    },
    first!,
    commandNamed(first!.status?.commands ?? [], step),
    andNext,
  );
  return { out, notes };
}

const [BRANCH, DEPLOY, SMOKE, ROLLBACK] = [
  command('branch', 'exit 1'),
  command('deploy', 'exit 0'),
  command('smoke', 'exit 0'),
  command('rollback', 'exit 0'),
];

test('the next commands follow, each once and in order, to the last one of a run that has ended', async () => {
  const { out, notes } = await follow('branch', true, [
    viewOf(true, BRANCH, DEPLOY),
    viewOf(true, BRANCH, DEPLOY),
    viewOf(true, BRANCH, DEPLOY, SMOKE),
    viewOf(false, BRANCH, DEPLOY, SMOKE, ROLLBACK),
  ]);
  // What was there at first, deploy, is not what comes next.
  expect(out).toBe('branch\nsmoke\nrollback\n');
  expect(notes.filter((note) => /\.1: /.test(note))).toEqual([
    'branch.1: exit 0',
    'smoke.1: exit 0',
    'rollback.1: exit 0',
  ]);
});

test('a named one is followed to its end and no further', async () => {
  expect(await follow('deploy', false, [viewOf(true, BRANCH, DEPLOY)])).toMatchObject({ out: 'deploy\n' });
});
