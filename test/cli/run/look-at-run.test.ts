import { expect, jest, test } from '@jest/globals';
import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { lookAtRun } from '../../../src/cli/run/look-at-run.js';
import type { FoundServer } from '../../../src/cli/server/found-server.js';

const INPUT = { environment: 'prod', release: 'RC.3', previousRelease: 'RC.2', decisionOwner: 'Ana' };
const STATUS = { phase: 'soaking', watching: [] };
const server = { target: { address: 'localhost:7233', namespace: 'default' } } as FoundServer;

/** A run that is open, and a server that knows its first event and who polls. */
function seen({ answers = true, taskWaits = false } = {}) {
  const firstEvent = {
    workflowExecutionStartedEventAttributes: { input: { payloads: [{ data: Buffer.from(JSON.stringify(INPUT)) }] } },
  };
  const getWorkflowExecutionHistory = jest.fn(() => Promise.resolve({ history: { events: [firstEvent] } }));
  const queue = (name: string) => ({ activityTaskScheduledEventAttributes: { activityId: name, taskQueue: { name } } });
  const describeTaskQueue = jest.fn(() => Promise.resolve({ pollers: [] }));
  const client = {
    options: { namespace: 'default' },
    withDeadline: <T>(_: number, act: () => Promise<T>) => act(),
    workflow: {
      getHandle: () => ({ query: () => (answers ? Promise.resolve(STATUS) : Promise.reject(new Error('nobody'))) }),
    },
    workflowService: {
      getWorkflowExecutionHistory,
      getWorkflowExecutionHistoryReverse: () =>
        Promise.resolve({ history: { events: [queue('golive-host-1'), queue('golive-observe')] } }),
      describeTaskQueue,
    },
  };
  const description = {
    workflowId: 'go-live-prod',
    runId: 'r',
    taskQueue: 'golive',
    status: { name: 'RUNNING' },
    startTime: new Date(0),
    raw: { pendingWorkflowTask: taskWaits ? { attempt: 1 } : undefined, workflowExecutionInfo: {} },
  };
  return {
    look: (whole?: boolean) =>
      lookAtRun(
        client as unknown as Client,
        'prod',
        description as unknown as WorkflowExecutionDescription,
        server,
        whole,
      ),
    getWorkflowExecutionHistory,
    describeTaskQueue,
  };
}

test('what a run was started with is read no more once the run itself tells all', async () => {
  const { look, getWorkflowExecutionHistory } = seen();
  expect(await look()).not.toHaveProperty('input');
  expect(getWorkflowExecutionHistory).not.toHaveBeenCalled();
});

test.each([
  ['where it is asked for', {}, true],
  ['where nobody answers', { answers: false }, false],
  ['where its workflow task waits, and may fail', { taskWaits: true }, false],
])('it is read %s', async (_, run, whole) => {
  expect(await seen(run).look(whole)).toMatchObject({ input: { release: 'RC.3', dryRun: false } });
});

test('its own queues are asked once, and those of hosts that its history names', async () => {
  const { look, describeTaskQueue } = seen();
  const { queues } = await look();
  expect(queues.map(({ name }) => name)).toEqual(['golive', 'golive-observe', 'golive-host-1']);
  expect(describeTaskQueue).toHaveBeenCalledTimes(3);
});
