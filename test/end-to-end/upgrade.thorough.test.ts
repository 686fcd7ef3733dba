import { setTimeout as pause } from 'node:timers/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import type { RunView } from '../../src/cli/run/run-view.js';
import { ownBuildId } from '../../src/build-id.js';
import type { RunBuild } from '../../src/temporal/run-build.js';
import { EndToEnd } from '../support/end-to-end.js';
import { installOtherBuild, type OtherBuild } from '../support/other-build.js';
import { PATIENCE_MS } from '../support/patience.js';
import { expectCompleted } from '../support/what-a-run-did.js';

let site: EndToEnd;
let other: OtherBuild;
afterEach(() => site?.stop());

/** Paused, it doesn't end before a worker has been replaced, however long that takes. */
const HYPERCARE = '3s';
/** Longer than the server names a worker that is gone; it ends when somebody says so. */
const LONG_HYPERCARE = '30m';

async function open(versioning: 'on' | 'off', hypercare = HYPERCARE): Promise<string> {
  site = await EndToEnd.start({}, versioning);
  other = await installOtherBuild(join(site.directory, 'other'));
  await site.playbook((playbook) => (playbook.hypercare = { for: hypercare }));
  return await ownBuildId();
}

async function look(...more: string[]): Promise<RunView> {
  const { stdout } = await site.operator('status', 'sandbox', '--json', ...more);
  return JSON.parse(stdout) as RunView;
}

/** Waits until `golive status` says so. Fails with what it said last. */
async function untilStatus(what: string, holds: (view: RunView) => boolean): Promise<RunView> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const view = await look();
    if (holds(view)) return view;
    if (performance.now() > end)
      throw new Error(
        `expected within ${PATIENCE_MS} ms: ${what}; it was: ${JSON.stringify({ build: view.build, fault: view.fault, silence: view.silence })}`,
      );
    await pause(500);
  }
}

const seen = expect.any(String) as unknown as string;
const pinnedTo = (id: string): RunBuild => ({ id, behavior: 'pinned', next: id, workers: 1, seen });

const PAUSE = { reason: 'golive is upgraded', by: 'Ana' };

test('not pinned: the worker of another build takes a run up in the middle of its hypercare, and it completes', async () => {
  const own = await open('off');
  const run = await site.goLive();
  await run.untilPhase('hypercare');
  await run.handle.signal('pause', PAUSE);
  expect((await look()).build).toEqual({ id: own, behavior: 'unversioned', workers: 1, seen });

  await site.worker?.stop();
  await site.startWorkerBeside(other);
  await run.handle.signal('resume', PAUSE);
  await expectCompleted(site, run);
  expect((await look()).build).toMatchObject({ id: other.buildId, behavior: 'unversioned' });
});

test('pinned: a run stays with its worker until it ends, and the next one begins with the new build', async () => {
  const own = await open('on');
  const first = await site.goLive();
  await first.untilPhase('hypercare');
  await first.handle.signal('pause', PAUSE);

  await site.startWorkerBeside(other);
  expect((await look()).build).toEqual(pinnedTo(own));
  await first.handle.signal('resume', PAUSE);
  await expectCompleted(site, first);
  expect((await look()).build).toMatchObject({ id: own, behavior: 'pinned' });

  await site.worker?.stop();
  const second = await site.goLive();
  await expectCompleted(site, second);
  expect((await look()).build).toMatchObject({ id: other.buildId, behavior: 'pinned' });
});

test('pinned, and the last worker of its build is gone: that is said, and the line that is given moves the run', async () => {
  const own = await open('on', LONG_HYPERCARE);
  const run = await site.goLive();
  await run.untilPhase('hypercare');
  await site.startWorkerBeside(other);
  await site.worker?.kill();
  const { fault } = await untilStatus('no worker of its build polls', ({ build }) => build?.workers === 0);
  expect(fault?.what).toBe(
    `The go-live go-live-sandbox stands still in the phase hypercare: it is pinned to build ${own}, and no worker of that build polls`,
  );
  expect((await site.operator('status', 'sandbox')).stdout).toContain(`build ${own} (pinned), no worker of it polls`);

  // A worker that starts again takes up its runs and gets no new ones.
  await site.startWorker();
  await untilStatus('its worker decides again', ({ build, status }) => build?.workers === 1 && status !== undefined);
  const rehearsal = await site.goLive([], { dryRun: true });
  expect((await rehearsal.result()).outcome).toBe('rehearsed');
  expect((await look('--dry-run')).build?.id).toBe(other.buildId);

  await site.worker?.kill();
  const line = fault?.todo.map((each) => /temporal workflow update-options .*$/.exec(each)?.[0]).find(Boolean);
  await site.paste(line ?? 'none was given');
  await run.handle.signal('pause', PAUSE); // it moves with its next decision
  await untilStatus(
    'the new build has decided',
    ({ build, status }) => build?.id === other.buildId && !!status?.paused,
  );
  expect((await look()).build).toEqual(pinnedTo(other.buildId));
  expect(await run.requestAbort({ reason: 'seen enough', by: 'Ana' })).toBeDefined();
  expect((await run.result()).outcome).toBe('rolled-back');
  expect(run.overlapped()).toBe(false);
  expect(run.deploys()).toEqual(['canary 10 -> 0', 'rolling 25 -> 0', 'rolling 100 -> 0', 'back to RC.2 -> 0']);
});
