import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { EndToEnd } from '../support/end-to-end.js';
import type { GoLiveRun } from '../support/go-live-run.js';
import { stageOf } from '../support/quick-playbook.js';
import { thorough } from '../support/thorough.js';
import { expectLive, expectRolledBack, PREFLIGHT_CALLS, WHOLE_ROLLOUT } from '../support/what-a-run-did.js';

let site: EndToEnd;
beforeAll(async () => void (site = await EndToEnd.start()));
// The phases that are to be interrupted last for minutes: only the abort can have ended them.
beforeEach(() =>
  site.playbook((playbook) => {
    stageOf(playbook, 'canary').soak = { min: '5m', max: '10m', settle: '1m' };
    playbook.hypercare.for = '5m';
  }),
);
afterEach(() => site.endLeftRun());
afterAll(() => site?.stop());

/** The canary's soak is over as soon as its readings are clean. */
const pastTheCanary = () =>
  site.playbook((playbook) => {
    stageOf(playbook, 'canary').soak = { min: '1s', max: '1m', settle: '500ms' };
    delete stageOf(playbook, 'rolling-25').soak;
    playbook.verify.smoke.run = 'sleep 300';
    playbook.verify.smoke.deadline = '6m';
    playbook.hypercare.for = '5m';
  });

async function expectAborted(run: GoLiveRun, reason: string): Promise<void> {
  expect(await run.result()).toMatchObject({
    outcome: 'aborted',
    summary: expect.stringMatching(`^nothing was deployed; ${reason} \\(aborted`) as unknown,
    stop: { kind: 'abort', reason },
  });
  expect(run.deploys()).toEqual([]);
  await expectLive(site, run.input.previousRelease);
}

/** A signal whose payload says it has an encoding that nobody knows. */
async function signalUnreadable(run: GoLiveRun): Promise<void> {
  const bytes = (text: string) => new TextEncoder().encode(text);
  await site.client.workflowService.signalWorkflowExecution({
    namespace: site.client.options.namespace,
    workflowExecution: { workflowId: run.handle.workflowId },
    signalName: 'abort',
    input: { payloads: [{ metadata: { encoding: bytes('binary/unheard-of') }, data: bytes('?') }] },
  });
}

thorough('in the preflight, while a question is open: nothing was deployed, nothing is rolled back', async () => {
  const run = await site.goLive([], { attestations: {} });
  await run.until(
    'all questions of the preflight',
    ({ holds, preflight }) => holds.length === 4 && preflight.some(({ name }) => name === 'rollback target'),
  );
  expect(await run.requestAbort({ reason: 'wrong day', by: 'Bo' })).toEqual({
    accepted: true,
    phase: 'preflight',
    next: 'the go-live ends; nothing was deployed',
  });
  await expectAborted(run, 'wrong day');
  expect(run.executed()).toEqual(PREFLIGHT_CALLS);
});

thorough('in the preflight, while a command runs: it is ended', async () => {
  await site.playbook((playbook) =>
    Object.assign(playbook.preflight['checklist'] ?? {}, { run: 'sleep 300', deadline: '6m' }),
  );
  const run = await site.goLive();
  await run.until('the checklist running', ({ commands }) =>
    commands.some(({ step, state }) => step === 'checklist' && state === 'running'),
  );
  await run.handle.signal('abort', 'no time for this');
  await expectAborted(run, 'no time for this');
  expect(await runningCommands()).toEqual([]);
});

test('in the middle of a deploy, by signal: the deploy is stopped and taken back', async () => {
  const run = await site.goLive([{ way: 'deploy-hangs' }]);
  await run.untilDeploying('canary');
  await run.handle.signal('abort', { reason: 'customers call', by: 'Bo' });
  await expectRolledBack(site, run, ['canary 10 -> 143'], /^customers call$/);
  expect((await run.result()).stop).toMatchObject({ kind: 'abort', by: 'Bo' });
});

thorough.each([
  ['an object', { reason: 'odd numbers', by: 'Bo' }, 'odd numbers'],
  ['a bare string', 'odd numbers', 'odd numbers'],
  ['rubbish', [{ reason: 7 }, null], 'no reason given'],
])('in a soak, by a signal with %s', async (_, payload, reason) => {
  const run = await site.goLive();
  await run.untilPhase('soaking', 'canary');
  await run.handle.signal('abort', payload);
  await expectRolledBack(site, run, WHOLE_ROLLOUT.slice(0, 1), new RegExp(`^${reason}$`));
});

thorough('in a soak, by a signal nobody can read', async () => {
  const run = await site.goLive();
  await run.untilPhase('soaking', 'canary');
  await signalUnreadable(run);
  await expectRolledBack(site, run, WHOLE_ROLLOUT.slice(0, 1), /^no reason given$/);
});

thorough('in a soak, by cancelling the workflow', async () => {
  const run = await site.goLive();
  await run.untilPhase('soaking', 'canary');
  await run.handle.cancel();
  await expectRolledBack(site, run, WHOLE_ROLLOUT.slice(0, 1), /^the workflow was cancelled$/);
});

thorough('while a gate is open after the canary', async () => {
  await pastTheCanary();
  await site.playbook((playbook) => (stageOf(playbook, 'rolling-25').gate = 'Does the canary look right?'));
  const run = await site.goLive();
  await run.untilHold('gate-rolling-25');
  await run.handle.signal('abort', 'it does not');
  await expectRolledBack(site, run, WHOLE_ROLLOUT.slice(0, 1), /^it does not$/);
});

thorough('in verification, while the smoke runs', async () => {
  await pastTheCanary();
  const run = await site.goLive();
  await run.until('the smoke running', ({ commands }) =>
    commands.some(({ step, state }) => step === 'smoke' && state === 'running'),
  );
  expect(await run.requestAbort('the smoke takes for ever')).toMatchObject({
    accepted: true,
    phase: 'verifying',
    inFlight: 'smoke',
    next: 'rollback to RC.2 starts now',
  });
  await expectRolledBack(site, run, WHOLE_ROLLOUT, /^the smoke takes for ever$/);
  expect(await runningCommands()).toEqual([]);
});

thorough('in hypercare', async () => {
  await site.playbook((playbook) => (playbook.hypercare.for = '5m'));
  const run = await site.goLive();
  await run.untilPhase('hypercare');
  await run.handle.signal('abort', 'sales are down');
  await expectRolledBack(site, run, WHOLE_ROLLOUT, /^sales are down$/);
});

thorough('while no worker runs: as soon as one is back', async () => {
  const run = await site.goLive();
  await run.untilPhase('soaking', 'canary');
  await site.worker?.kill();
  await run.handle.signal('abort', 'nobody there');
  expect((await run.handle.describe()).status.name).toBe('RUNNING');
  await site.startWorker();
  await expectRolledBack(site, run, WHOLE_ROLLOUT.slice(0, 1), /^nobody there$/);
});

thorough('during a rollback an abort changes nothing, and a person still decides', async () => {
  const run = await site.goLive([{ way: 'deploy-fails' }, { way: 'rollback-fails', times: 2 }]);
  await run.untilHold('rollback-failed');
  await run.handle.signal('abort', 'stop everything');
  await run.handle.cancel();
  expect(await run.requestAbort('stop everything')).toMatchObject({
    accepted: false,
    phase: 'rolling-back',
    next: expect.stringMatching(/^it is already being stopped: deploy canary failed/) as unknown,
  });
  await run.untilHold('rollback-failed');
  await run.decide('rollback-failed', 'retry');
  await expectRolledBack(
    site,
    run,
    ['canary 10 -> 1', 'back to RC.2 -> 1', 'back to RC.2 -> 1'],
    /^deploy canary failed/,
  );
});

/** Commands of the environment that the ledger knows to run. */
async function runningCommands(): Promise<string[]> {
  const commands = await (await site.ledger()).commandsOf('sandbox');
  return commands
    .filter(({ observation }) => observation.state === 'running' || observation.state === 'starting')
    .map(({ command }) => command);
}
