import { expect, test } from '@jest/globals';
import type { WorkflowExecutionDescription } from '@temporalio/client';
import proto from '@temporalio/proto';
import type { QueueBuilds } from '../../src/temporal/queue-builds.js';
import { runBuild, type RunBuild } from '../../src/temporal/run-build.js';
import { pollerAt, queueOf } from '../support/polling-workers.js';

type Description = WorkflowExecutionDescription['raw'];
type Versioning = NonNullable<NonNullable<Description['workflowExecutionInfo']>['versioningInfo']>;

const { VersioningBehavior } = proto.temporal.api.enums.v1;
const NOW = Date.parse('2026-05-02T02:10:00Z');
const poller = pollerAt(NOW);
const version = (buildId: string) => ({ deploymentName: 'golive', buildId });
const pinned = (buildId: string): Versioning => ({
  behavior: VersioningBehavior.VERSIONING_BEHAVIOR_PINNED,
  deploymentVersion: version(buildId),
});
const described = (versioningInfo: Versioning | undefined, stamp?: string): Description => ({
  workflowExecutionInfo: { versioningInfo, ...(stamp ? { mostRecentWorkerVersionStamp: { buildId: stamp } } : {}) },
});
const two = [poller('one', true), poller('two', true)];

test.each<[what: string, Versioning | undefined, string | undefined, QueueBuilds | undefined, object]>([
  ['a server that tells nothing', undefined, undefined, undefined, { behavior: 'unversioned', workers: 0 }],
  [
    'not pinned, without versioning',
    undefined,
    'one',
    queueOf(undefined, poller('one', false), poller('two', true)),
    { id: 'one', behavior: 'unversioned', workers: 1 },
  ],
  [
    'not pinned while a build is current',
    undefined,
    'one',
    queueOf('two', ...two),
    { id: 'one', behavior: 'unversioned', next: 'two', workers: 1 },
  ],
  [
    'pinned, another one is current',
    pinned('one'),
    'one',
    queueOf('two', ...two),
    { id: 'one', behavior: 'pinned', next: 'one', workers: 1 },
  ],
  [
    'pinned, its worker has not asked for long',
    pinned('one'),
    'one',
    queueOf('two', poller('one', true, 95), poller('two', true)),
    { id: 'one', behavior: 'pinned', next: 'one', workers: 0 },
  ],
  [
    'pinned, and a worker of its build polls without versioning',
    pinned('one'),
    'one',
    queueOf(undefined, poller('one', false)),
    { id: 'one', behavior: 'pinned', next: 'one', workers: 0 },
  ],
  [
    'moved once',
    { ...pinned('one'), versioningOverride: { oneTime: { targetDeploymentVersion: version('two') } } },
    'one',
    queueOf('two', ...two),
    { id: 'one', behavior: 'pinned', next: 'two', workers: 1 },
  ],
  [
    'pinned elsewhere',
    { ...pinned('one'), versioningOverride: { pinned: { version: version('two') } } },
    'one',
    queueOf('one', ...two),
    { id: 'one', behavior: 'pinned', next: 'two', workers: 1 },
  ],
  [
    'made to upgrade by itself',
    { ...pinned('one'), versioningOverride: { autoUpgrade: true } },
    'one',
    queueOf('two', ...two),
    { id: 'one', behavior: 'auto-upgrade', next: 'two', workers: 1 },
  ],
  [
    'begun by a worker that upgrades by itself',
    { ...pinned('one'), behavior: VersioningBehavior.VERSIONING_BEHAVIOR_AUTO_UPGRADE },
    'one',
    queueOf('two', ...two),
    { id: 'one', behavior: 'auto-upgrade', next: 'two', workers: 1 },
  ],
  ['not begun', undefined, undefined, queueOf('two', ...two), { behavior: 'unversioned', next: 'two', workers: 1 }],
])('%s', (_, versioning, stamp, where, wanted) => {
  const build: Partial<RunBuild> = { ...runBuild(described(versioning, stamp), where, NOW), seen: undefined };
  expect(build).toEqual(wanted);
});

test.each([
  [60, 1],
  [69, 1],
  [71, 0],
  [280, 0],
])('a worker that asked last %i s ago is one of %i', (seconds, workers) => {
  const queue = queueOf(undefined, poller('one', false, seconds), poller('one', false, 290), poller('two', true, 1));
  expect(runBuild(described(undefined, 'one'), queue, NOW)).toMatchObject({
    workers,
    seen: new Date(NOW - seconds * 1_000).toISOString(),
  });
});
