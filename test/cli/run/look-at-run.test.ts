import { expect, jest, test } from '@jest/globals';
import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { lookAtRun } from '../../../src/cli/run/look-at-run.js';
import type { FoundServer } from '../../../src/cli/server/found-server.js';

const INPUT = { environment: 'prod', release: 'RC.3', previousRelease: 'RC.2', decisionOwner: 'Ana' };
const STATUS = { phase: 'soaking', watching: [] };
const server = { target: { address: 'localhost:7233', namespace: 'default' } } as FoundServer;

/** A run that is open, and a server that knows its first event and who polls. */
function seen({ answers = true, taskWaits = false, pendingOn = ['golive-host-2'] as readonly string[] } = {}) {
  const firstEvent = {
    workflowExecutionStartedEventAttributes: { input: { payloads: [{ data: Buffer.from(JSON.stringify(INPUT)) }] } },
  };
  const pendingActivities = pendingOn.map((name) => ({
    activityOptions: name === '' ? null : { taskQueue: { name } },
  }));
  const getWorkflowExecutionHistory = jest.fn(() => Promise.resolve({ history: { events: [firstEvent] } }));
  const queue = (name: string) => ({ activityTaskScheduledEventAttributes: { activityId: name, taskQueue: { name } } });
  const getWorkflowExecutionHistoryReverse = jest.fn(() =>
    Promise.resolve({ history: { events: [queue('golive-host-1'), queue('golive-observe')] } }),
  );
  const describeTaskQueue = jest.fn(() => Promise.resolve({ pollers: [] }));
  const client = {
    options: { namespace: 'default' },
    withDeadline: <T>(_: number, act: () => Promise<T>) => act(),
    workflow: {
      getHandle: () => ({ query: () => (answers ? Promise.resolve(STATUS) : Promise.reject(new Error('nobody'))) }),
    },
    workflowService: {
      getWorkflowExecutionHistory,
      getWorkflowExecutionHistoryReverse,
      describeTaskQueue,
    },
  };
  const description = {
    workflowId: 'go-live-prod',
    runId: 'r',
    taskQueue: 'golive',
    status: { name: 'RUNNING' },
    startTime: new Date(0),
    raw: { pendingActivities, pendingWorkflowTask: taskWaits ? { attempt: 1 } : undefined, workflowExecutionInfo: {} },
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
    getWorkflowExecutionHistoryReverse,
  };
}

test('the history of a run that tells all itself is not read', async () => {
  const { look, getWorkflowExecutionHistory, getWorkflowExecutionHistoryReverse } = seen();
  const view = await look();
  expect(view).toMatchObject({ status: STATUS, pending: [{ queue: 'golive-host-2' }] });
  expect(view).not.toHaveProperty('input');
  expect(view.queues.map(({ name }) => name)).toEqual(['golive', 'golive-observe', 'golive-host-2']);
  expect(getWorkflowExecutionHistory).not.toHaveBeenCalled();
  expect(getWorkflowExecutionHistoryReverse).not.toHaveBeenCalled();
});

test.each([
  ['where it is asked for', {}, true],
  ['where nobody answers', { answers: false }, false],
  ['where its workflow task waits, and may fail', { taskWaits: true }, false],
  ['where the server doesn’t tell what its activities wait on', { pendingOn: ['golive-host-2', ''] }, false],
])('it is read %s', async (_, run, whole) => {
  const view = await seen(run).look(whole);
  expect(view).toMatchObject({ input: { release: 'RC.3', dryRun: false } });
  expect(view.queues.map(({ name }) => name)).toContain('golive-host-1');
});
