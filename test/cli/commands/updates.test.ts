import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startDevServer } from '../../../src/temporal/dev-server.js';
import { quiet } from '../../support/quiet.js';
import { quickly, thorough } from '../../support/thorough.js';
import { startOwnWorker, type OwnWorker } from '../../temporal/own-worker.js';
import { golive } from '../golive-process.js';
import type { Answered } from './answering.workflow.js';

const HOLD = { id: 'soak-canary', reason: 'x', choices: ['extend', 'abort'], openedAt: '', pages: 0, paged: [] };
const FIRST = { hold: 'gate', choice: 'yes', by: 'Ana', at: '2026-11-27T02:13:05.123Z' };
const RESTORE = {
  state: 'proposed',
  detail: 'asked',
  manifest: 'backups/b1/manifest.json',
  name: 'b1',
  sha256: 'ab',
  madeAt: '2026-03-01T01:00:00Z',
  runId: 'first-run',
  askedUntil: '2026-03-01T04:00:00Z',
};
const APPROVAL = `golive restore approval
workflow: go-live-text
run: first-run
backup: b1
manifest: sha256:ab
approved by: Lea
expires: 2026-03-01T03:00:00Z
`;

let folder: string;
let signature: string;
let own: OwnWorker;

beforeAll(async () => {
  quiet();
  folder = await mkdtemp(path.join(tmpdir(), 'golive-updates-'));
  signature = path.join(folder, 'approval.sig');
  await writeFile(signature, 'signed');
  own = await startOwnWorker(await startDevServer({ uiPort: false }), '../cli/commands/answering.workflow.js', {
    taskQueue: 'answering',
  });
});
afterAll(async () => {
  await own.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** Starts a go-live of this environment that has these holds. */
async function open(
  environment: string,
  {
    holds = [HOLD],
    result = 'over',
    taskQueue = 'answering',
  }: { holds?: object[]; result?: unknown; taskQueue?: string } = {},
) {
  const workflowId = `go-live-${environment}`;
  const status = {
    workflowId,
    release: 'RC.3',
    decisionOwner: 'Ana',
    phase: 'soaking',
    holds,
    answered: [FIRST],
    restore: RESTORE,
  };
  return await own.client.workflow.start('answering', { taskQueue, workflowId, args: [status, result] });
}
const answered = async (environment: string) =>
  await own.client.workflow.getHandle(`go-live-${environment}`).query<Answered>('answered');
const say = (...args: string[]) =>
  golive(args, { PATH: process.env['PATH'], GOLIVE_HOME: folder, TEMPORAL_ADDRESS: own.server.address });

const WHO = ['--by', 'Ana', '--reason', 'why not'];
const SAID = { by: 'Ana', reason: 'why not' };
const DECIDE = ['decide', '--choice', 'extend'];
const HANDOVER = ['handover', '--to', 'Bea'];
const SUPERSEDE = ['supersede', '--release', 'RC.4'];
const DECLINE = ['restore', '--decline'];
const APPROVE = ['restore', '--approve'];
const ABORT = ['abort'];

test.each<[args: string[], update: string, payload: object, stdout: string, document: object]>([
  [
    DECIDE,
    'decide',
    { hold: 'soak-canary', choice: 'extend', ...SAID },
    'Decided decide by Ana is taken.\n',
    { environment: 'ENV', workflowId: 'go-live-ENV', hold: 'soak-canary', choice: 'extend', ...SAID, accepted: true },
  ],
  [
    [...DECIDE, '--hold', 'gate'],
    'decide',
    { hold: 'gate', choice: 'extend', ...SAID },
    'Decided decide by Ana is taken.\n',
    { environment: 'ENV', workflowId: 'go-live-ENV', hold: 'gate', choice: 'extend', ...SAID, accepted: true },
  ],
  [
    HANDOVER,
    'handOver',
    { to: 'Bea', ...SAID },
    'handOver by Ana\nis taken\n',
    { environment: 'ENV', to: 'Bea', ...SAID, asked: true, next: 'handOver by Ana\nis taken' },
  ],
  [
    SUPERSEDE,
    'supersede',
    { release: 'RC.4', ...SAID },
    'Superseded: supersede by Ana is taken.\nStart it: golive start ENV --release RC.4 --previous RC.3 --owner Ana\n',
    {
      environment: 'ENV',
      superseded: 'RC.3',
      ...SAID,
      release: 'RC.4',
      ended: true,
      next: 'golive start ENV --release RC.4 --previous RC.3 --owner Ana',
    },
  ],
  [
    DECLINE,
    'decide',
    { hold: 'restore', choice: 'decline', ...SAID },
    'Declined: decide by Ana is taken.\n',
    { environment: 'ENV', workflowId: 'go-live-ENV', approved: false, ...SAID, accepted: true },
  ],
  [
    [...APPROVE, '--expires', '2026-03-01T03:00:00Z'],
    'approveRestore',
    { ...SAID, expires: '2026-03-01T03:00:00Z' },
    'Approved: approveRestore by Ana is taken.\nWatch it: golive watch ENV\n',
    { environment: 'ENV', workflowId: 'go-live-ENV', approved: true, ...SAID, accepted: true },
  ],
  [
    ABORT,
    'requestAbort',
    SAID,
    'Aborted in phase soaking, with canary in flight: requestAbort by Ana is taken.\nWatch it: golive watch ENV\n',
    {
      environment: 'ENV',
      workflowId: 'go-live-ENV',
      recorded: true,
      answered: true,
      accepted: true,
      phase: 'soaking',
      inFlight: 'canary',
      next: 'requestAbort by Ana\nis taken',
    },
  ],
])('%j is sent, and its answer told, as text and as JSON', async ([command, ...args], update, payload, text, json) => {
  const [inText, inJson] = await Promise.all(
    [[], ['--json']].map(async (more, index) => {
      const environment = `${update.toLowerCase()}-${args.length}-${index}`;
      await open(environment);
      const { exitCode, stdout, stderr } = await say(command!, environment, ...args, ...WHO, ...more);
      const sent = await answered(environment);
      return { exitCode, stdout: stdout.replaceAll(environment, 'ENV'), stderr, sent };
    }),
  );
  const sent = [[update, payload]];
  expect(inText).toEqual({ exitCode: 0, stdout: text, stderr: '', sent });
  expect(inJson).toEqual({ exitCode: 0, stdout: `${JSON.stringify(json, null, 2)}\n`, stderr: '', sent });
});

test('a signature made before goes with the approval; one that cannot be read sends nothing', async () => {
  await open('signed');
  expect(await say('restore', 'signed', '--approve', ...WHO, '--signature', signature)).toMatchObject({ exitCode: 0 });
  expect(await say('restore', 'signed', '--approve', ...WHO, '--signature', 'nowhere')).toMatchObject({
    exitCode: 2,
    stdout: '',
    stderr: expect.stringContaining("The signature can't be read: ENOENT"),
  });
  expect(await answered('signed')).toEqual([['approveRestore', { ...SAID, signature: 'signed' }]]);
});

test('restore --text prints the very bytes to sign, and sends nothing', async () => {
  await open('text');
  const text = ['restore', 'text', '--text', '--by', 'Lea', '--expires', '2026-03-01T03:00:00Z'];
  const [inText, inJson] = await Promise.all([say(...text), say(...text, '--json')]);
  expect(inText).toEqual({ exitCode: 0, stdout: APPROVAL, stderr: '' });
  expect(inJson).toMatchObject({ exitCode: 0, stderr: '' });
  expect(JSON.parse(inJson.stdout)).toEqual({ environment: 'text', workflowId: 'go-live-text', text: APPROVAL });
  expect(await answered('text')).toEqual([]);
});

test('decide without --choice shows what is open, asks for nothing and sends nothing', async () => {
  await open('no-choice', { holds: [HOLD, { ...HOLD, id: 'gate', choices: ['yes'] }] });
  const canary =
    '  soak-canary: x\n' +
    '    golive decide no-choice --hold soak-canary --choice extend\n' +
    '    golive decide no-choice --hold soak-canary --choice abort\n';
  const gate = '  gate: x\n    golive decide no-choice --hold gate --choice yes\n';
  const what = 'Say what you choose with --choice.\n';
  const said = await Promise.all([say('decide', 'no-choice'), say('decide', 'no-choice', '--hold', 'gate')]);
  expect(said).toEqual([what + canary + gate, what + gate].map((stderr) => ({ exitCode: 2, stdout: '', stderr })));
  expect(await answered('no-choice')).toEqual([]);
});

test.each([
  [
    'No hold is open, so there is nothing to decide. The last answer: Ana answered gate with yes at 2026-11-27 02:13:05Z.\n',
    [],
  ],
  [
    '2 holds are open: say which one with --hold.\n' +
      '  soak-canary: x\n' +
      '    golive decide holds-2 --hold soak-canary --choice extend\n' +
      '    golive decide holds-2 --hold soak-canary --choice abort\n' +
      '  gate: x\n' +
      '    golive decide holds-2 --hold gate --choice yes\n',
    [HOLD, { ...HOLD, id: 'gate', choices: ['yes'] }],
  ],
])('decide without --hold wants one open hold: %j', async (stderr, holds) => {
  const environment = `holds-${holds.length}`;
  await open(environment, { holds });
  expect(await say('decide', environment, '--choice', 'extend', ...WHO)).toEqual({ exitCode: 4, stdout: '', stderr });
});

test.each([
  ['Say one of --approve, --decline and --text.', ['--by', 'Lea']],
  ['Say one of --approve, --decline and --text.', ['--by', 'Lea', '--approve', '--decline']],
  ['Why? Say it with --reason. Nothing was sent.', ['--by', 'Lea', '--approve']],
  [
    'Say either --key, to sign now, or --signature, what was signed before.',
    ['--approve', ...WHO, '--key', 'k', '--signature', 's'],
  ],
])('restore says what is wrong before it looks for a server: %s', async (why, args) => {
  expect(await say('restore', 'prod', ...args, '--address', '127.0.0.1:1')).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: `${why}\n`,
  });
});

test.each<[args: string[], what: string, faults: string]>([
  [[...DECIDE, '--by', '', '--reason', 'x'], 'decision', '--by: must not be empty'],
  [
    [...DECIDE, '--by', 'A'.repeat(501), '--reason', 'one\ntwo'],
    'decision',
    '--by: must not be longer than 500 characters; --reason: must be one line of printable text',
  ],
  [[...DECIDE, '--hold', ' ', ...WHO], 'decision', '--hold: must not be empty'],
  [[...APPROVE, '--by', 'Lea', '--reason', 'one\ntwo'], 'answer', '--reason: must be one line of printable text'],
  [[...DECLINE, '--by', '\u0007', '--reason', 'x'], 'answer', '--by: must be one line of printable text'],
  [[...APPROVE, ...WHO, '--expires', 'soon'], 'answer', '--expires: must be a time such as 2026-03-01T14:30:00Z'],
  [['handover', '--to', '', ...WHO], 'handover', '--to: must not be empty'],
])('%j is told by the name of the option before a server is looked for', async ([command, ...args], what, faults) => {
  expect(await say(command!, 'prod', ...args, '--address', '127.0.0.1:1')).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: `This ${what} can't be sent: ${faults}. Nothing was sent.\n`,
  });
});

/** Each with what it is called and what one does with it. */
const EACH: [args: string[], update: string, what: string, verb: string][] = [
  [DECIDE, 'decide', 'decision', 'decide'],
  [HANDOVER, 'handOver', 'handover', 'hand over'],
  [SUPERSEDE, 'supersede', 'supersession', 'supersede'],
  [DECLINE, 'decide', 'answer', 'answer'],
  [APPROVE, 'approveRestore', 'answer', 'answer'],
];

test.each(quickly(1, EACH))(
  '%j that is refused, or has nowhere to go, says why',
  async ([command, ...args], update, _, verb) => {
    const name = `${update.toLowerCase()}-${verb.replace(' ', '-')}`;
    await open(name);
    await (await open(`${name}-ended`)).terminate();
    const to = (environment: string, ...more: string[]) =>
      say(command!, environment, ...args, '--reason', 'x', ...more);
    const without = say(command!, name, ...args, '--by', 'Ana');
    const said = await Promise.all([
      to(name, '--by', 'Nobody'),
      to(`${name}-ended`, '--by', 'Ana'),
      to(`${name}-none`, '--by', 'Ana'),
      to(name, '--by', 'Ana', '--address', '127.0.0.1:1'),
      without,
    ]);
    const failed = (exitCode: number, stderr: unknown) => ({ exitCode, stdout: '', stderr });
    expect(said).toEqual([
      failed(4, `Refused: Nobody may not ${update}.\n`),
      failed(
        4,
        `go-live-${name}-ended has ended, terminated by user via frontend. There is nothing to ${verb}. See: golive status ${name}-ended\n`,
      ),
      failed(5, expect.stringContaining(`There is no go-live go-live-${name}-none at`)),
      failed(3, expect.stringContaining('No Temporal server answered at 127.0.0.1:1')),
      failed(2, 'Why? Say it with --reason. Nothing was sent.\n'),
    ]);
  },
);

test('whose answer comes after the end is told how it ended, who answered what and when', async () => {
  const last = { hold: 'soak-canary', choice: 'roll-back', by: 'Bea', at: '2026-11-27T02:14:05.123Z' };
  const result = { outcome: 'rolled-back', summary: 'RC.2 is back.', timeline: [], answered: [FIRST, last] };
  const handle = await open('second', { result });
  await handle.executeUpdate('supersede', { args: [SAID] });
  await handle.result();
  const ended = 'go-live-second has ended, rolled-back: RC.2 is back.';
  const first = ' The last answer: Bea answered soak-canary with roll-back at 2026-11-27 02:14:05Z.';
  const told = (verb: string) => ` There is nothing to ${verb}. See: golive status second\n`;
  const said = [DECIDE, DECLINE, APPROVE, HANDOVER].map(([command, ...args]) =>
    say(command!, 'second', ...args, ...WHO),
  );
  expect((await Promise.all(said)).map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual([
    [4, ended + first + told('decide')],
    [4, ended + first + told('answer')],
    [4, ended + first + told('answer')],
    [4, ended + told('hand over')],
  ]);
});

thorough('without a worker no update is sent', async () => {
  const handle = await open('alone', { taskQueue: 'nobody' });
  const said = await Promise.all(EACH.map(([[command, ...args]]) => say(command!, 'alone', ...args, ...WHO)));
  expect(said).toEqual(
    EACH.map(([, , what, verb]) => ({
      exitCode: 6,
      stdout: '',
      stderr: `No worker answers, so the ${what} was not sent. See what is missing with golive status alone, start a worker (golive worker, or golive up), then ${verb} again.\n`,
    })),
  );
  await handle.terminate();
});

thorough('an update that is not answered in time may still take effect, and that is said', async () => {
  await open('slow');
  const said = await Promise.all(
    EACH.map(([[command, ...args]]) => say(command!, 'slow', ...args, '--reason', 'x', '--by', 'Slow')),
  );
  expect(said).toEqual(
    EACH.map(([, , what, verb]) => ({
      exitCode: 6,
      stdout: '',
      stderr: `No worker took the ${what} within 10 s. It may still take effect; check with golive status slow, and ${verb} again if it did not.\n`,
    })),
  );
});

thorough('a superseded go-live that is long about its end is told of', async () => {
  await open('stays');
  const { exitCode, stdout } = await say(
    'supersede',
    'stays',
    '--release',
    'RC.4',
    '--by',
    'Ana',
    '--reason',
    'stay',
    '--json',
  );
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ superseded: 'RC.3', ended: false });
});

test('abort is said twice, or to what has ended, or to nobody', async () => {
  await open('twice');
  const stopped = await open('stopped', { result: { outcome: 'rolled-back', summary: 'proven', timeline: [] } });
  const live = await open('live', { result: { outcome: 'completed', summary: 'is live', timeline: [] } });
  for (const handle of [stopped, live]) {
    await handle.executeUpdate('supersede', { args: [SAID] });
    await handle.result();
  }
  const abort = (environment: string, ...more: string[]) => say('abort', environment, ...WHO, ...more);
  await abort('twice');
  const [twice, text, json, ...failed] = await Promise.all([
    abort('twice'),
    abort('stopped'),
    abort('stopped', '--json'),
    abort('live'),
    abort('none'),
    abort('twice', '--dry-run'),
  ]);
  expect(twice).toEqual({
    exitCode: 0,
    stdout: 'Already stopping in phase soaking: requestAbort by Ana is taken.\nWatch it: golive watch twice\n',
    stderr: '',
  });
  expect(text).toEqual({
    exitCode: 0,
    stdout: 'go-live-stopped is stopped already, rolled-back: proven.\n',
    stderr: '',
  });
  expect({ ...json, stdout: JSON.parse(json.stdout) as unknown }).toEqual({
    exitCode: 0,
    stdout: {
      environment: 'stopped',
      workflowId: 'go-live-stopped',
      accepted: false,
      phase: 'ended',
      outcome: 'rolled-back',
      next: 'nothing is left to abort',
    },
    stderr: '',
  });
  expect(failed).toEqual([
    { exitCode: 4, stdout: '', stderr: 'go-live-live has ended, completed: is live. Nothing is left to abort.\n' },
    { exitCode: 5, stdout: '', stderr: expect.stringContaining('There is no go-live go-live-none at') },
    { exitCode: 5, stdout: '', stderr: expect.stringContaining('There is no rehearsal go-live-twice-dry-run at') },
  ]);
});

thorough('an abort that no worker takes is kept, and that is said', async () => {
  const handle = await open('kept', { taskQueue: 'nobody' });
  const [text, json] = await Promise.all([say('abort', 'kept'), say('abort', 'kept', '--json')]);
  expect(text).toEqual({
    exitCode: 6,
    stdout:
      'No worker has answered, so nothing has happened yet. The abort is kept by the server and acts as soon as a worker is back: golive worker (or golive up). ' +
      'What is deployed stays as it is until then; a command that runs goes on. See: golive status kept.\n',
    stderr: '',
  });
  expect({ ...json, stdout: JSON.parse(json.stdout) as unknown }).toEqual({
    exitCode: 6,
    stdout: { environment: 'kept', workflowId: 'go-live-kept', recorded: true, answered: false, exitCode: 6 },
    stderr: '',
  });
  await handle.terminate();
});
