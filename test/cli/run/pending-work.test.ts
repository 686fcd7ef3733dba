import type { WorkflowExecutionDescription } from '@temporalio/client';
import { expect, test } from '@jest/globals';
import { pendingWork } from '../../../src/cli/run/pending-work.js';

type Raw = WorkflowExecutionDescription['raw'];

const progressOf = (data: string | undefined) => {
  const heartbeatDetails = data === undefined ? null : { payloads: [{ data: Buffer.from(data) }] };
  const raw = { pendingActivities: [{ activityType: { name: 'runCommand' }, heartbeatDetails }] } as unknown as Raw;
  return pendingWork(raw, new Map())[0]?.progress;
};

test.each([
  ['none', undefined, undefined],
  [
    'those of a command',
    '{"step":"smoke","generation":1,"lastLine":"3 of 10"}',
    { step: 'smoke', generation: 1, lastLine: '3 of 10' },
  ],
  ['those of another activity', '{"seen":{"states":[]},"at":1}', undefined],
  ['a sign of life alone', 'null', undefined],
  ['what is no JSON', 'x', undefined],
])('heartbeats: %s', (_, data, progress) => {
  expect(progressOf(data)).toEqual(progress);
});
