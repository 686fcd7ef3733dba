import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { WorkflowFailedError, type WorkflowStartOptions } from '@temporalio/client';
import { defaultPayloadConverter, toPayloads, type ApplicationFailure } from '@temporalio/common';
import { msToTs } from '@temporalio/common/lib/time.js';
import { openHold, WorkflowLab, type GoLiveHandle, type Room } from '../../support/workflow-lab.js';

let lab: WorkflowLab;
let room: Room;
beforeAll(async () => {
  lab = await WorkflowLab.open();
  room = await lab.room();
});
afterAll(() => lab.close());

async function refusal(options: Partial<WorkflowStartOptions>, input: unknown = room.input()): Promise<string> {
  const handle = await lab.client.workflow.start('controlledGoLive', {
    workflowId: `go-live-${room.environment}`,
    taskQueue: room.world.taskQueue,
    args: [input],
    ...options,
  });
  const error = await handle.result().then(
    () => undefined,
    (each: unknown) => each,
  );
  await handle.terminate().catch(() => undefined);
  if (!(error instanceof WorkflowFailedError)) throw new Error(`It was not refused: ${String(error)}`);
  expect((error.cause as ApplicationFailure).nonRetryable).toBe(true);
  return (error.cause as Error).message;
}

test.each<[string, Partial<WorkflowStartOptions>, string]>([
  ['another workflow ID', { workflowId: 'go-live-Friday' }, 'start this one with --workflow-id go-live-'],
  [
    'an execution timeout',
    { workflowExecutionTimeout: '1h' },
    'start it without --execution-timeout and --run-timeout',
  ],
  ['a run timeout', { workflowRunTimeout: '1h' }, 'start it without --execution-timeout and --run-timeout'],
  ['a retry policy', { retry: { maximumAttempts: 3 } }, 'start it without a retry policy'],
])('%s is refused with a sentence', async (_, options, words) => {
  expect(await refusal(options)).toContain(words);
  expect(room.world.executed).toEqual([]);
});

test.each([
  ['nothing', null],
  ['an unknown key', { release: 'RC.3', relaese: 'RC.4' }],
  [
    'a tag that is an option',
    { release: '--force', previousRelease: 'RC.2', environment: 'prod', decisionOwner: 'Ana' },
  ],
])('%s as input is refused with an example', async (_, input) => {
  expect(await refusal({ workflowId: `go-live-bad-${String(_).replaceAll(' ', '-')}` }, input)).toMatch(
    /This go-live can't start: .*such as \{"environment":"prod"/,
  );
});

test('a timeout of zero, as the Temporal CLI sends it, is none', async () => {
  const other = await lab.room();
  const workflowId = `go-live-${other.environment}`;
  const zero = msToTs(0);
  await lab.client.workflowService.startWorkflowExecution({
    namespace: lab.client.options.namespace,
    requestId: 'zero',
    workflowId,
    workflowType: { name: 'controlledGoLive' },
    taskQueue: { name: other.world.taskQueue },
    input: { payloads: toPayloads(defaultPayloadConverter, other.input({ attestations: {} })) ?? null },
    workflowExecutionTimeout: zero,
    workflowRunTimeout: zero,
    workflowTaskTimeout: zero,
  });
  const handle: GoLiveHandle = lab.client.workflow.getHandle(workflowId);
  await openHold(handle, 'attest-open-incidents');
  await handle.terminate();
});

test('a cron schedule is refused, with how to end it', async () => {
  const other = await lab.room();
  const workflowId = `go-live-${other.environment}`;
  const started = await lab.client.workflow.start('controlledGoLive', {
    workflowId,
    taskQueue: other.world.taskQueue,
    args: [other.input()],
    cronSchedule: '@every 1s',
  });
  // The server writes a cron run's failure down as the reason for its next one.
  const first = lab.client.workflow.getHandle(workflowId, started.firstExecutionRunId, { followRuns: false });
  await expect(first.result()).rejects.toThrow();
  const { events } = await first.fetchHistory();
  expect(JSON.stringify(events?.at(-1))).toContain(`temporal workflow terminate --workflow-id ${workflowId}`);
  await started.terminate();
  expect(other.world.executed).toEqual([]);
});

test('a second start for the environment is refused while one runs', async () => {
  const other = await lab.room();
  const handle = await other.start({ input: { attestations: {} } });
  await openHold(handle, 'attest-open-incidents');
  const second = lab.client.workflow.start('controlledGoLive', {
    workflowId: handle.workflowId,
    taskQueue: other.world.taskQueue,
    args: [other.input()],
    workflowIdConflictPolicy: 'FAIL',
  });
  await expect(second).rejects.toThrow('already');
  await handle.terminate();
});

test("a dry run executes nothing but the checklist's own", async () => {
  const other = await lab.room();
  const handle = await other.start({ input: { dryRun: true, attestations: {} } });
  const result = await handle.result();
  expect(result.outcome).toBe('rehearsed');
  expect(other.world.executed).toEqual(['checklist-dry-run.1']);
  expect(result.table?.split('\n').at(-1)).toBe('Go-live checklist result: DRY-RUN');
  expect(other.world.messages).toEqual([]);
});

test('a dry run whose checklist could not run is not rehearsed', async () => {
  const other = await lab.room();
  other.world.prints['checklist-dry-run'] = { stdout: '', stderr: 'ImportError' };
  const result = await (await other.start({ input: { dryRun: true, attestations: {} } })).result();
  expect(result.outcome).toBe('rejected');
});
