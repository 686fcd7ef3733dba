import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { GoLiveStatus } from '../../../src/domain/run/status.js';
import { Ledger } from '../../../src/ledger/ledger.js';
import { startDevServer } from '../../../src/temporal/dev-server.js';
import { quiet } from '../../support/quiet.js';
import { startOwnWorker, type OwnWorker } from '../../temporal/own-worker.js';
import type { Answered } from '../commands/answering.workflow.js';
import { golive } from '../golive-process.js';
import { GOLIVE, TerminalSession } from '../terminal-session.js';
import { situations, status } from './situations.js';

let folder: string;
let own: OwnWorker;
let session: TerminalSession | undefined;

beforeAll(async () => {
  quiet();
  folder = await mkdtemp(path.join(tmpdir(), 'golive-watch-'));
  own = await startOwnWorker(await startDevServer({ uiPort: false }), '../cli/commands/answering.workflow.js', {
    taskQueue: 'answering',
  });
});
afterEach(async () => {
  await session?.end();
});
afterAll(async () => {
  await own.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const env = (address = own.server.address) => ({
  PATH: process.env['PATH'],
  GOLIVE_HOME: folder,
  TEMPORAL_ADDRESS: address,
  TZ: 'Europe/Berlin',
});
const watch = (args: readonly string[], address?: string) =>
  (session = new TerminalSession(GOLIVE, args, { columns: 80, rows: 24, env: env(address) }));

/** A go-live of this environment that soaks, with a question and a breach clock. */
async function open(environment: string, result: unknown = 'over') {
  const { holds = [] } = situations['with four holds open'].view?.status ?? {};
  const { watching = [] } = situations['in a soak with a breach clock'].view?.status ?? {};
  const workflowId = `go-live-${environment}`;
  const seen: GoLiveStatus = { ...status, workflowId, environment, watching, holds: holds.slice(0, 2) };
  return await own.client.workflow.start('answering', {
    taskQueue: 'answering',
    workflowId,
    args: [{ ...seen, since: new Date().toISOString() }, result],
  });
}

test('it waits for a go-live, shows it, and its keys send what the subcommands send', async () => {
  const terminal = watch(['watch', 'keys', '--by', 'Ana']);
  await terminal.shows('WAITING for a go-live of keys');
  const run = await open('keys');
  await terminal.shows('SOAKING');
  await terminal.shows(': rolls back with the next bad reading');
  await terminal.shows('golive decide keys --hold attest-staging-parity --choice confirm');
  expect(terminal).toMatchObject({ isAlternate: true, scrollback: 0 });

  terminal.press('d');
  await terminal.shows('Which? 1 attest-staging-parity 2 attest-open-incidents');
  terminal.press('2');
  await terminal.shows('attest-open-incidents: 1 confirm 2 reject');
  terminal.press('1');
  await terminal.shows('why?');
  terminal.press('none open\r');
  await terminal.shows('Decided decide by Ana is taken.');

  terminal.press('p');
  await terminal.shows('pause keys, why?');
  terminal.press('lunch\r');
  await terminal.shows('checks, breach clocks and a command that runs go on.');

  terminal.press('o');
  await terminal.shows('promote keys, why?');
  terminal.press('quiet\r');
  await terminal.shows('Promoted: the soak has ended.');

  terminal.press('a');
  await terminal.shows('abort keys, why?');
  terminal.press('no\u001b');
  await terminal.shows('[a]bort');
  terminal.press('a');
  await terminal.shows('abort keys, why?');
  terminal.press('errors rise\r');
  await terminal.shows('Already stopping in phase soaking: requestAbort by Ana is taken.');

  expect(await run.query<Answered>('answered')).toEqual([
    ['decide', { hold: 'attest-open-incidents', choice: 'confirm', by: 'Ana', reason: 'none open' }],
    ['pause', { reason: 'lunch', by: 'Ana' }],
    ['promote', { reason: 'quiet', by: 'Ana' }],
    ['requestAbort', { reason: 'errors rise', by: 'Ana' }],
  ]);
  terminal.press('q');
  expect(await terminal.ended).toMatchObject({ exitCode: 0 });
  expect(terminal).toMatchObject({ isAlternate: false, scrollback: 0 });
  expect(terminal.text).toContain('The go-live itself goes on. Watch it: golive watch keys');
});

test('of an environment that nobody knows it waits for nothing, and says what there is', async () => {
  session = new TerminalSession(GOLIVE, ['watch', 'nope'], {
    columns: 80,
    rows: 24,
    env: { ...env(), GOLIVE_PLAYBOOK: 'golive.yaml' },
  });
  expect(await session.ended).toMatchObject({ exitCode: 5 });
  expect(session.isAlternate).toBe(false);
  // The terminal breaks it wherever a line is full.
  expect(session.text.replaceAll(' ', '')).toMatch(/^Thereisnogo-livego-live-nopeat.*golive\.yamlhas:sandbox\./);
});

test('its key l shows what the command that runs has printed, t what has happened, and each leads back', async () => {
  const run = await open('pages');
  const key = { workflowId: 'go-live-pages', firstExecutionRunId: run.firstExecutionRunId };
  const ledger = await Ledger.open(path.join(folder, 'ledger'));
  const { commands } = status;
  const running = commands.find(({ state }) => state === 'running') ?? commands.at(-1);
  expect(running).toBeDefined();
  const { step, generation } = running!;
  await ledger.authorise([{ ...key, step, generation }]);
  await ledger.run(
    { ...key, step, generation },
    {
      environment: 'pages',
      argv: ['/bin/sh', '-c', 'for i in $(seq 40); do printf "\\033[2Jline %s\\n" $i; done'],
      workingDirectory: folder,
      env: { PATH: process.env['PATH'] ?? '' },
      deadlineMs: 30_000,
      stopGraceMs: 100,
      secrets: [],
    },
  );
  const terminal = watch(['watch', 'pages']);
  await terminal.shows('SOAKING');
  terminal.press('l');
  await terminal.until(({ lines }) => lines.includes('line 40'));
  expect(terminal.lines).not.toContain('line 1');
  expect(terminal.text).toContain(`${step}, attempt ${generation}: `);
  terminal.press('\u001b[5~'); // page up
  await terminal.until(({ lines }) => lines.includes('line 30') && !lines.includes('line 40'));
  terminal.press('t');
  await terminal.until(({ lines }) => lines.some((line) => line.startsWith('Events')) && !lines.includes('line 30'));
  terminal.press('t');
  await terminal.shows('Stages');
  terminal.press('q');
  expect(await terminal.ended).toMatchObject({ exitCode: 0 });
});

test('it leaves the outcome on the screen, and ends with its exit code', async () => {
  const { result } = situations['after the end'].view ?? {};
  const run = await open('ending', { ...result, environment: 'ending' });
  const terminal = watch(['status', 'ending', '--watch']);
  await terminal.shows('SOAKING');
  await run.executeUpdate('supersede', { args: [{ release: 'RC.4', by: 'Ana', reason: 'over' }] });
  await terminal.shows('ROLLED-BACK: RC.2 is live again, proven by 3 looks');
  expect(terminal.isAlternate).toBe(true);
  terminal.press('q');
  await terminal.ended;
  expect(terminal.isAlternate).toBe(false);
  expect(terminal.text).toContain('ROLLED-BACK: RC.2 is live again, proven by 3 looks');
});

test('without a server it says so, and goes on trying', async () => {
  const terminal = watch(['watch', 'prod'], '127.0.0.1:9');
  await terminal.shows('NO ANSWER since');
  terminal.press('a');
  await terminal.shows('abort prod, why?');
  terminal.press('errors rise\r');
  await terminal.shows('NOT DONE: abort prod: No Temporal server answered at 127.0.0.1:9');
  terminal.press('\u0003');
  expect(await terminal.ended).toMatchObject({ signal: 2 });
  expect(terminal.isAlternate).toBe(false);
});

test('where the output is no terminal it is lines, to the end', async () => {
  const { result } = situations['after the end'].view ?? {};
  const run = await open('plain', { ...result, environment: 'plain' });
  const watching = golive(['watch', 'plain'], env());
  await run.executeUpdate('supersede', { args: [{ release: 'RC.4', by: 'Ana', reason: 'over' }] });
  const { exitCode, stdout } = await watching;
  expect(exitCode).toBe(12);
  expect(stdout).not.toContain('\u001b');
  expect(stdout).toContain('ROLLED-BACK: RC.2 is live again, proven by 3 looks');
});
