import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { outputActivities } from '../../../src/activities/commands/output-activity.js';
import { CHUNK_BYTES, type OutputChunk, type OutputRequest } from '../../../src/activities/commands/read-output.js';
import { BEGINNING, type CommandKey } from '../../../src/ledger/ledger.js';
import { ActivityLab } from '../../support/activity-lab.js';
import { aris3Plan } from '../../support/scripted-world.js';

const KEY: CommandKey = { workflowId: 'go-live-prod', firstExecutionRunId: 'run-1', step: 'deploy', generation: 1 };
const ALL = { ...KEY, stdout: BEGINNING, stderr: BEGINNING, waitMs: 0 };

let lab: ActivityLab;
beforeEach(async () => void (lab = await ActivityLab.open(await aris3Plan(), {})));
afterEach(() => lab.close());

const read = (request: object): Promise<OutputChunk> =>
  lab.run(outputActivities(lab.dependencies).readOutput, request as OutputRequest);
const textOf = ({ base64 }: { base64: string }) => Buffer.from(base64, 'base64').toString('utf8');

async function run(script: string) {
  await lab.dependencies.ledger.authorise([KEY]);
  return await lab.dependencies.ledger.run(KEY, {
    environment: 'prod',
    argv: ['/bin/sh', '-c', script],
    workingDirectory: lab.folder,
    env: { PATH: process.env['PATH'] ?? '', SECRET: 'correct horse' },
    deadlineMs: 30_000,
    stopGraceMs: 100,
    secrets: ['correct horse'],
  });
}

test('both streams of a command, how it ended and when, with its secrets taken out; then there is no more', async () => {
  await run('echo "out $SECRET"; echo err >&2; exit 3');
  const chunk = await read(ALL);
  expect(chunk).toMatchObject({ state: 'exit 3', running: false, hostId: lab.dependencies.ledger.hostId });
  expect([textOf(chunk.stdout), textOf(chunk.stderr)]).toEqual(['out [redacted]\n', 'err\n']);
  expect(Date.parse(chunk.endedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(chunk.startedAt ?? ''));
  const rest = await read({ ...ALL, stdout: chunk.stdout.next, stderr: chunk.stderr.next });
  expect([rest.stdout.base64, rest.stderr.base64]).toEqual(['', '']);
  expect(textOf((await read({ ...ALL, stdout: { last: 5 } })).stdout)).toBe('ted]\n');
});

test('an answer is bounded, and the next one goes on where it ended', async () => {
  await run(`head -c ${CHUNK_BYTES + 10} /dev/zero | tr '\\0' x`);
  const first = await read(ALL);
  const second = await read({ ...ALL, stdout: first.stdout.next });
  expect([textOf(first.stdout).length, textOf(second.stdout).length]).toEqual([CHUNK_BYTES, 10]);
});

test('it waits for what a command that runs prints next, and for no longer than it was asked to', async () => {
  const running = run('echo one; while [ ! -e go ]; do sleep 0.05; done; echo two');
  await lab.dependencies.ledger.authorise([KEY]);
  const one = await read({ ...ALL, waitMs: 20_000 });
  expect(textOf(one.stdout)).toBe('one\n');
  const from = { ...ALL, stdout: one.stdout.next };
  expect(await read({ ...from, waitMs: 300 })).toMatchObject({ running: true, stdout: { base64: '' } });
  const next = read({ ...from, waitMs: 20_000 });
  await writeFile(`${lab.folder}/go`, '');
  expect(textOf((await next).stdout)).toBe('two\n');
  await running;
});

test.each<[string, object, RegExp]>([
  ['a command that this ledger does not have', { ...ALL, step: 'rollback' }, /has no command .*\/rollback\.1/],
  ['another run', { ...ALL, firstExecutionRunId: 'run-2' }, /has no command/],
  ['a path', { ...ALL, step: '../../host-id' }, /No command is asked for/],
  ['a longer wait', { ...ALL, waitMs: 3_600_000 }, /waitMs/],
  ['more than it knows', { ...ALL, argv: ['id'] }, /argv/],
  ['nothing', {}, /workflowId/],
])('%s is refused', async (_, request, why) => {
  await run('echo one');
  await expect(read(request)).rejects.toMatchObject({ nonRetryable: true, message: expect.stringMatching(why) });
});
