import { expect, test } from '@jest/globals';
import { faultOfRun } from '../../src/temporal/fault-of-run.js';
import { missingBuild } from '../../src/temporal/missing-build.js';
import type { QueueBuilds } from '../../src/temporal/queue-builds.js';
import type { RunBuild } from '../../src/temporal/run-build.js';
import { pollerAt, queueOf } from '../support/polling-workers.js';

const NOW = Date.parse('2026-05-02T02:10:00Z');
const poller = pollerAt(NOW);
const PINNED = { behavior: 'pinned', next: '1+a', workflowId: 'go-live-prod' } as const;
const NEW = { behavior: 'unversioned' } as const;
const SET = 'temporal worker deployment set-current-version --deployment-name golive';

test.each<[string, Parameters<typeof missingBuild>[0], QueueBuilds]>([
  ['a worker of its build polls', PINNED, queueOf('2+b', poller('1+a', true), poller('2+b', true))],
  ['nobody polls', PINNED, queueOf('2+b')],
  ['nobody has polled for long', PINNED, queueOf('2+b', poller('2+b', true, 100))],
  ['without versioning', NEW, queueOf(undefined, poller('1+a', false))],
  ['a worker of the current build polls', { ...NEW, next: '2+b' }, queueOf('2+b', poller('2+b', true))],
])('nothing is missing: %s', (_, run, where) => {
  expect(missingBuild(run, where, NOW)).toBeUndefined();
});

test.each<[string, Parameters<typeof missingBuild>[0], QueueBuilds, string, string[]]>([
  [
    'its build is gone',
    PINNED,
    queueOf('2+b', poller('1+a', true, 100), poller('3+c', true), poller('2+b', true)),
    'it is pinned to build 1+a, and no worker of that build polls',
    [
      'Start a worker of it, where that version of golive is installed: golive worker --versioning.',
      'Or move it to build 2+b, which polls; docs/upgrading.md says when that is safe: temporal workflow update-options --workflow-id go-live-prod --versioning-override-behavior one_time --versioning-override-deployment-name golive --versioning-override-build-id 2+b',
    ],
  ],
  [
    'only workers without versioning are left',
    PINNED,
    queueOf(undefined, poller('1+a', false)),
    'it is pinned to build 1+a, and no worker of that build polls',
    ['Start a worker of it, where that version of golive is installed: golive worker --versioning.'],
  ],
  [
    'the current build is gone',
    { ...NEW, next: '2+b' },
    queueOf('2+b', poller('1+a', true)),
    "runs that aren't pinned go to build 2+b, the current one, and no worker of that build polls",
    [
      'Start a worker of it, where that version of golive is installed: golive worker --versioning.',
      `Or make build 1+a current, which polls: ${SET} --build-id 1+a --yes`,
    ],
  ],
  [
    'the flag was left out at the restart',
    { ...NEW, next: '2+b' },
    queueOf('2+b', poller('2+b', false)),
    "runs that aren't pinned go to build 2+b, the current one, and no worker of that build polls",
    [
      'Start a worker of it, where that version of golive is installed: golive worker --versioning.',
      `Or let workers without versioning have them, which poll: ${SET} --unversioned --yes`,
    ],
  ],
  [
    'none is current',
    NEW,
    queueOf(undefined, poller('1+a', true)),
    'no build is current, and all workers that poll run with versioning',
    [`Make one current: ${SET} --build-id 1+a --yes`],
  ],
])('what is missing, and what to paste: %s', (_, run, where, why, todo) => {
  expect(missingBuild(run, where, NOW)).toEqual({ why, todo });
});

const onBuild = (build: RunBuild, where: QueueBuilds) => ({
  workflowId: 'go-live-prod',
  state: 'RUNNING',
  remembered: { phase: 'hypercare', release: 'RC.3' },
  build,
  queue: where,
});

test('a run that no worker takes stands still, and is told as that', () => {
  const deserted = onBuild({ id: '1+a', ...PINNED, workers: 0 }, queueOf('2+b', poller('2+b', true)));
  expect(faultOfRun(deserted, NOW)).toMatchObject({
    kind: 'stuck',
    what: 'The go-live go-live-prod stands still in the phase hypercare: it is pinned to build 1+a, and no worker of that build polls',
  });
  expect(faultOfRun({ ...deserted, state: 'COMPLETED' }, NOW)).toBeUndefined();
});

test('of a run that fails on the build it was moved to the way back comes first', () => {
  const where = queueOf('2+b', poller('1+a', true), poller('2+b', true));
  const failing = { task: { attempt: 5 }, failing: { since: NOW - 300_000, times: 4 }, taskFailure: 'Nondeterminism' };
  const todo = (build: RunBuild) => faultOfRun({ ...onBuild(build, where), ...failing }, NOW)?.todo[0];
  expect(todo({ id: '1+a', behavior: 'pinned', next: '2+b', workers: 1 })).toBe(
    'It was moved from build 1+a to build 2+b, and has not got there. Take that back: temporal workflow update-options --workflow-id go-live-prod --versioning-override-behavior unspecified',
  );
  expect(todo({ id: '1+a', behavior: 'pinned', next: '1+a', workers: 1 })).toMatch(/^Until that ends/);
  expect(todo({ id: '1+a', behavior: 'unversioned', next: '2+b', workers: 1 })).toMatch(/^Until that ends/);
});
