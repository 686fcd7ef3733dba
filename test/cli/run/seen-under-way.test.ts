import { expect, test } from '@jest/globals';
import { seenUnderWay } from '../../../src/cli/run/seen-under-way.js';

const look = { check: 'p95', target: 'service', standing: 'clean', failures: 0, last: '201 ms', value: 201 };
const pending = (name: string, data?: string) => ({
  activityType: { name },
  heartbeatDetails: data === undefined ? null : { payloads: [{ data: Buffer.from(data) }] },
});

test('what each segment of watching has seen so far, from its last heartbeat', () => {
  const one = pending('observe', JSON.stringify({ seen: { states: [{ ...look, breaches: [] }] }, at: 1, endsAt: 2 }));
  const other = pending('observe', JSON.stringify({ seen: { states: [{ ...look, target: 'canary' }] } }));
  expect(seenUnderWay({ pendingActivities: [one, other] })).toEqual([look, { ...look, target: 'canary' }]);
});

test.each([
  ['none that has told nothing yet', [pending('observe')]],
  ['none of a command', [pending('runCommand', '{"step":"smoke","generation":1,"lastLine":"3 of 10"}')]],
  ['none in another form', [pending('observe', '{"seen":{"states":[{"check":1}]}}'), pending('observe', 'x')]],
  ['none of a run that waits for nothing', undefined],
])('%s', (_, pendingActivities) => {
  expect(seenUnderWay({ pendingActivities })).toEqual([]);
});
