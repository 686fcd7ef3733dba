import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { startDevServer } from '../../../src/temporal/dev-server.js';
import { quiet } from '../../support/quiet.js';
import { startOwnWorker, type OwnWorker } from '../../temporal/own-worker.js';
import { golive } from '../golive-process.js';
import { GOLIVE, TerminalSession } from '../terminal-session.js';
import { situations, status } from '../watch/situations.js';
import type { Answered } from './answering.workflow.js';

let folder: string;
let own: OwnWorker;
let shell: TerminalSession | undefined;

beforeAll(async () => {
  quiet();
  folder = await mkdtemp(path.join(tmpdir(), 'golive-pasted-'));
  await symlink(GOLIVE, path.join(folder, 'golive'));
  own = await startOwnWorker(await startDevServer({ uiPort: false }), '../cli/commands/answering.workflow.js', {
    taskQueue: 'answering',
  });
});
afterEach(async () => {
  await shell?.end();
});
afterAll(async () => {
  await own.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** Where golive is on the PATH, its server is not known from the environment, and git knows Ana Ek. */
const env = () => ({
  PATH: `${folder}:${process.env['PATH']}`,
  HOME: folder,
  PS1: '$ ',
  GOLIVE_COMMAND: '',
  GIT_CONFIG_COUNT: '1',
  GIT_CONFIG_KEY_0: 'user.name',
  GIT_CONFIG_VALUE_0: 'Ana Ek',
});
const bash = async () => {
  shell = new TerminalSession('--norc', ['--noprofile'], { columns: 120, rows: 30, env: env(), program: 'bash' });
  // What is typed before it asks can be lost.
  await shell.shows('$');
  return shell;
};
const server = () => ['--address', own.server.address, '--home', path.join(folder, 'my home')];

async function open(environment: string, holds: readonly object[] = []) {
  const workflowId = `go-live-${environment}`;
  return await own.client.workflow.start('answering', {
    taskQueue: 'answering',
    workflowId,
    args: [{ ...status, workflowId, environment, watching: [], holds }, 'over'],
  });
}
const answered = (environment: string) =>
  own.client.workflow.getHandle(`go-live-${environment}`).query<Answered>('answered');
/** The commands of golive in what it printed, as lines of their own. */
const commandsIn = (text: string) => text.split('\n').flatMap((line) => /^\s*(golive .*)$/.exec(line)?.[1] ?? []);

test('a command that status prints is pasted as it stands: it finds its server, knows who, and asks why', async () => {
  const [hold] = situations['with four holds open'].view?.status?.holds ?? [];
  await open('pasted', hold ? [hold] : []);
  const { stdout } = await golive(['status', 'pasted', ...server()], env());
  const [confirm, reject] = commandsIn(stdout);
  expect(confirm).toBe(
    `golive decide --home '${folder}/my home' --address ${own.server.address} pasted --hold attest-staging-parity --choice confirm`,
  );
  expect(reject).toMatch(/ --choice reject$/);
  const terminal = await bash();
  terminal.press(`${confirm}\n`);
  await terminal.shows('Why?');
  // The next one was pasted with it: it is no reason.
  terminal.press(`${reject}\n`);
  await terminal.shows('That is a command, and was not run.');
  terminal.press('compared, ticket 812\n');
  await terminal.shows('Decided decide by Ana Ek is taken');
  expect(await answered('pasted')).toEqual([
    ['decide', { hold: 'attest-staging-parity', choice: 'confirm', by: 'Ana Ek', reason: 'compared, ticket 812' }],
  ]);
});

test('who may not answer is told who may, and asked', async () => {
  const [hold] = situations['with four holds open'].view?.status?.holds ?? [];
  await open('leads', [{ ...hold, by: ['Lea', 'Max'] }]);
  const command = ['decide', 'leads', '--choice', 'confirm', '--reason', 'all is well', ...server()];
  expect(await golive(command, env())).toMatchObject({
    exitCode: 2,
    stderr: 'Who are you? Only Lea or Max may answer. Say it with --by. Nothing was sent.\n',
  });
  const terminal = await bash();
  terminal.press(`golive decide leads --choice confirm --reason well ${server().slice(0, 2).join(' ')}\n`);
  await terminal.shows('Who are you? Only Lea or Max may answer.');
  terminal.press('Lea\n');
  await terminal.shows('Decided');
  expect(await answered('leads')).toMatchObject([['decide', { by: 'Lea', reason: 'well' }]]);
});

test('an abort is sent at once, and asks why afterwards', async () => {
  await open('stopped');
  const terminal = await bash();
  terminal.press(`golive abort stopped ${server().slice(0, 2).join(' ')}\n`);
  await terminal.shows('Why? Enter leaves it out:');
  expect(await answered('stopped')).toEqual([['requestAbort', { by: 'Ana Ek', reason: 'no reason given' }]]);
  terminal.press('errors rise\n');
  await terminal.shows('Already stopping in phase');
  expect(await answered('stopped')).toMatchObject([{}, ['requestAbort', { by: 'Ana Ek', reason: 'errors rise' }]]);
});

test('nothing said, nothing sent; Ctrl-C ends it', async () => {
  await open('silent');
  const terminal = await bash();
  terminal.press(`golive pause silent ${server().slice(0, 2).join(' ')}; echo "ended with $?"\n`);
  await terminal.shows('Why?');
  terminal.press('\n');
  await terminal.shows('Nothing was said, so nothing was sent. Say it with --reason. ended with 2');
  terminal.press('clear\n');
  await terminal.until(({ text }) => text.trim() === '$');
  terminal.press(`golive pause silent ${server().slice(0, 2).join(' ')}\n`);
  await terminal.shows('Why?');
  terminal.press('\u0003');
  await terminal.until(({ lines }) => lines.filter((line) => line.startsWith('$')).length === 2);
  terminal.press('echo "ended with $?"\n');
  await terminal.shows('ended with 130');
  expect(await answered('silent')).toEqual([]);
});
