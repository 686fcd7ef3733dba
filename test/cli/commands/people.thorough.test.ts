import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { RunView } from '../../../src/cli/run/run-view.js';
import type { Plan } from '../../../src/domain/plan/plan.js';
import { hypercareFor } from '../../support/hypercare-for.js';
import { openHold, statusWhen, WorkflowLab, type GoLiveHandle, type Room } from '../../support/workflow-lab.js';
import { golive } from '../golive-process.js';

let folder: string;
let lab: WorkflowLab;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'golive-people-'));
  lab = await WorkflowLab.open();
});
afterAll(async () => {
  await lab.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const say = (...args: string[]) =>
  golive(args, {
    PATH: process.env['PATH'],
    TZ: 'Europe/Madrid',
    GOLIVE_HOME: folder,
    TEMPORAL_ADDRESS: lab.server.address,
  });
const start = (room: Room, ...more: string[]) =>
  say(
    'start',
    room.environment,
    '--release',
    'RC.3',
    '--previous',
    'RC.2',
    '--owner',
    'Ana',
    '--queue',
    room.world.taskQueue,
    ...more,
  );
const run = (room: Room): GoLiveHandle => lab.client.workflow.getHandle(`go-live-${room.environment}`);

test('start --at opens the run and returns; status says when it begins; abort ends it', async () => {
  const room = await lab.room();
  const { exitCode, stdout } = await start(room, '--at', '+2h');
  expect({ exitCode, stdout }).toEqual({
    exitCode: 0,
    stdout: expect.stringMatching(
      /It begins at \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ \(.* here\), in (2h|1h 59m \d+s)\. Until then nothing is done, and env-\S+ is reserved\.\nWatch it:/,
    ),
  });
  const status = await say('status', room.environment);
  expect(status).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/SCHEDULED for [^]*It begins at .*, in 1h 5\dm .*; until then nothing is done/),
  });
  expect(await start(room)).toMatchObject({ exitCode: 4, stderr: expect.stringContaining('now scheduled') });
  expect(await say('abort', room.environment, '--reason', 'not today', '--by', 'Ana')).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('Aborted in phase scheduled: the go-live ends; nothing was deployed.'),
  });
  expect(await run(room).result()).toMatchObject({ outcome: 'aborted' });
});

test.each([
  [['--at', '2026-01-02T22:30:00+01:00'], 'is over'],
  [['--at', 'tonight'], '"tonight" is not a start time'],
  [['--override-freeze', 'x'], 'Why is the freeze window overridden? Say it with --freeze-reason. Nothing was sent.'],
  [['--freeze-reason', 'x'], '--override-freeze NAME and --freeze-reason WHY go together'],
])('start %j is refused', async (args, why) => {
  expect(
    await say('start', 'prod', '--release', 'RC.3', '--previous', 'RC.2', '--owner', 'Ana', ...args),
  ).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(why) });
});

test('a frozen start says so at once, and its override is taken', async () => {
  const from = new Date(Date.now() - 3_600_000).toISOString();
  const to = new Date(Date.now() + 3_600_000).toISOString();
  const room = await lab.room((plan: Plan) => ({ ...plan, freezes: [{ name: 'year end', from, to }] }));
  expect(await start(room)).toMatchObject({
    exitCode: 10,
    stdout: expect.stringMatching(
      /REJECTED: nothing was deployed; no go-live begins at .*"year end" until .*--override-freeze 'year end'/,
    ),
  });
  expect(await start(room, '--override-freeze', 'year end', '--freeze-reason', 'a leak')).toMatchObject({
    exitCode: 0,
  });
  expect((await say('status', room.environment)).stdout).toMatch(
    /Freeze windows: in spite of the freeze window "year end" until .*, overridden by Ana: a leak/,
  );
  await run(room).terminate();
});

test('handover is asked and answered with the very command that status shows', async () => {
  const room = await lab.room();
  await start(room);
  const asked = await say('handover', room.environment, '--to', "Bea O'Ek", '--by', 'Ana', '--reason', 'end of shift');
  expect(asked).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(
      /^Bea O'Ek is asked; until it is accepted Ana stays the decision owner\. To answer:\n {2}golive decide .* --hold handover --choice accept --by 'Bea O'\\''Ek'/,
    ),
  });
  await openHold(run(room), 'handover');
  const answer = (by: string) =>
    say('decide', room.environment, '--hold', 'handover', '--choice', 'accept', '--by', by, '--reason', 'I am here');
  expect(await answer('Cid')).toMatchObject({
    exitCode: 4,
    stderr: expect.stringContaining(`The hold "handover" is answered by Bea O'Ek, not by Cid.`),
  });
  expect(await answer("Bea O'Ek")).toMatchObject({ exitCode: 0 });
  const { status } = JSON.parse((await say('status', room.environment, '--json')).stdout) as RunView;
  expect(status?.decisionOwner).toBe("Bea O'Ek");
  expect(await say('handover', room.environment, '--to', "Bea O'Ek", '--by', 'Ana', '--reason', 'x')).toMatchObject({
    exitCode: 4,
    stderr: expect.stringContaining('is the decision owner already'),
  });
  expect(await say('supersede', room.environment, '--release', 'RC.4', '--by', 'Ana', '--reason', 'x')).toMatchObject({
    exitCode: 4,
    stderr: expect.stringContaining('Refused: Only hypercare is superseded'),
  });
  await run(room).terminate();
  expect(await say('handover', room.environment, '--to', 'Cid', '--by', 'Ana', '--reason', 'x')).toMatchObject({
    exitCode: 4,
    stderr: expect.stringMatching(/has ended, .*There is nothing to hand over\./),
  });
});

test('supersede waits for the end, so that the hotfix can be started', async () => {
  const room = await lab.room((plan: Plan) => ({ ...plan, hypercare: hypercareFor(72 * 3_600_000) }));
  const handle = await room.start({ until: '5h' });
  await statusWhen(handle, ({ phase }) => phase === 'hypercare');
  const { exitCode, stdout } = await say(
    'supersede',
    room.environment,
    '--release',
    'RC.4',
    '--by',
    'Ana',
    '--reason',
    'totals',
  );
  expect({ exitCode, stdout }).toEqual({
    exitCode: 0,
    stdout: expect.stringMatching(
      /^Superseded: hypercare of RC\.3 ends, superseded by RC\.4; nothing is rolled back\.\nStart it: golive start env-\S+ --release RC\.4 --previous RC\.3 --owner Ana\n$/,
    ),
  });
  expect(await handle.result()).toMatchObject({ outcome: 'completed', supersededBy: { release: 'RC.4' } });
  expect(
    await say(
      'start',
      room.environment,
      '--release',
      'RC.4',
      '--previous',
      'RC.3',
      '--owner',
      'Ana',
      '--queue',
      room.world.taskQueue,
    ),
  ).toMatchObject({ exitCode: 0 });
  await run(room).terminate();
});
