import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { EndToEnd } from '../support/end-to-end.js';
import type { GoLiveRun } from '../support/go-live-run.js';
import { stageOf } from '../support/quick-playbook.js';
import {
  expectCompleted,
  expectLive,
  expectRolledBack,
  PREFLIGHT_CALLS,
  SMOKE_CALL,
} from '../support/what-a-run-did.js';

let site: EndToEnd;
// Slow enough for something to happen in the middle of a deploy.
beforeAll(async () => void (site = await EndToEnd.start({ deployPaceMs: 250 })));
beforeEach(() => site.playbook());
afterEach(() => site.endLeftRun());
afterAll(() => site?.stop());

/** kill -9 of the supervisor of a step's command. Its worker and its deploy.sh live on. */
async function killSupervisor(run: GoLiveRun, step: string): Promise<void> {
  const { started } = await (
    await site.ledger()
  ).read({ workflowId: run.handle.workflowId, firstExecutionRunId: run.runId, step, generation: 1 });
  if (!started)
    throw new Error(
      `expected ${step} to have been started by a supervisor; the ledger of ${run.runId} says that it wasn't`,
    );
  process.kill(started.supervisor.pid, 'SIGKILL');
}

/** A go-live whose last deploy has lost its supervisor, so that nobody can say how it ends. */
async function withUnknownDeploy(): Promise<GoLiveRun> {
  const run = await site.goLive();
  await run.untilDeploying('--batch 100');
  await killSupervisor(run, 'deploy-rolling-100');
  const { holds } = await run.untilHold('unknown-deploy-rolling-100-1');
  expect(holds).toEqual([
    expect.objectContaining({
      choices: ['retry', 'treat-as-done', 'roll-back'],
      reason: expect.stringMatching(/^It is not known how deploy-rolling-100 ended: outcome unknown/) as unknown,
    }),
  ]);
  return run;
}

test('the Temporal server is killed with -9 in the middle of a deploy and comes back: nothing runs twice', async () => {
  const run = await site.goLive();
  await run.untilDeploying('--batch 100');
  await site.replaceServer();
  await expectCompleted(site, run);
});

test('the worker is stopped in order in the middle of a deploy and again in a soak, and another goes on', async () => {
  await site.playbook((playbook) => (stageOf(playbook, 'rolling-25').soak = { min: '2s', max: '1m', settle: '500ms' }));
  const run = await site.goLive();
  await run.untilDeploying('--batch 25');
  expect(await site.worker?.stop()).toBe('exit 0');
  await site.startWorker();
  await run.untilPhase('soaking', 'rolling-25');
  expect(await site.worker?.stop()).toBe('exit 0');
  await site.startWorker();
  await expectCompleted(site, run);
});

test('the supervisor is killed in the middle of a deploy, and a person lets it be done again: the old one is ended before', async () => {
  const run = await withUnknownDeploy();
  await run.decide('unknown-deploy-rolling-100-1', 'retry');
  expect((await run.result()).outcome).toBe('completed');
  expect(run.deploys()).toEqual([
    'canary 10 -> 0',
    'rolling 25 -> 0',
    expect.stringMatching(/^rolling 100 -> /),
    'rolling 100 -> 0',
  ]);
  expect(run.overlapped()).toBe(false);
  expect(run.executed()).toEqual([...PREFLIGHT_CALLS, SMOKE_CALL]);
  await expectLive(site, run.input.release);
});

test('the supervisor is killed in the middle of a deploy, and a person has seen that it was done', async () => {
  const run = await withUnknownDeploy();
  await run.untilDeployed('--batch 100');
  await run.decide('unknown-deploy-rolling-100-1', 'treat-as-done');
  await expectCompleted(site, run);
});

test('the supervisor is killed in the middle of a deploy, and a person rolls back: what still runs of it is ended before', async () => {
  const run = await withUnknownDeploy();
  await run.decide('unknown-deploy-rolling-100-1', 'roll-back');
  const end = run.deploys().at(2) === 'rolling 100 -> 0' ? '0' : '143';
  await expectRolledBack(site, run, ['canary 10 -> 0', 'rolling 25 -> 0', `rolling 100 -> ${end}`], /^looked at it$/);
});

test('the supervisor and the worker are killed together in the middle of a deploy: golive asks, and does not guess', async () => {
  const run = await site.goLive();
  await run.untilDeploying('--batch 100');
  await Promise.all([site.worker?.kill(), killSupervisor(run, 'deploy-rolling-100')]);
  await site.startWorker();
  await run.untilHold('unknown-deploy-rolling-100-1');
  expect(run.deploys()).toHaveLength(3);
  // An abort needs no answer to the question.
  await run.handle.signal('abort', 'nobody knows');
  const result = await run.result();
  expect(result).toMatchObject({ outcome: 'rolled-back', stop: { kind: 'abort', reason: 'nobody knows' } });
  expect(run.deploys().at(-1)).toMatch(/^back to RC\.\d+ -> 0$/);
  expect(run.overlapped()).toBe(false);
  await expectLive(site, run.input.previousRelease);
});
