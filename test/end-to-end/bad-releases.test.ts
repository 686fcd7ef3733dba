import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import {
  ERRORS,
  expectCaught,
  FAILING_SMOKE,
  NEVER_READY,
  SLOW,
  UNHEALTHY,
  UNHEALTHY_LATER,
} from '../support/bad-release-cases.js';
import { EndToEnd } from '../support/end-to-end.js';
import { usually } from '../support/pairs.js';
import { stageOf } from '../support/quick-playbook.js';
import { quickly, thorough } from '../support/thorough.js';
import { expectRolledBack, WHOLE_ROLLOUT } from '../support/what-a-run-did.js';

// One fleet, and one bad release after the other: what is left behind by one would show in the next.
let site: EndToEnd;
beforeAll(async () => void (site = await EndToEnd.start({ traffic: 40 })));
beforeEach(() => site.playbook());
afterEach(() => site.endLeftRun());
afterAll(() => site?.stop());

const canary = (end: string) => `canary 10 -> ${end}`;

// The numbers are scraped here, and come through Prometheus in prometheus.test.ts, where the slow one is caught in the usual run.
test.each(quickly(1, usually(5, [UNHEALTHY_LATER, ERRORS, NEVER_READY, UNHEALTHY, FAILING_SMOKE, SLOW])))(
  '$title',
  async (release) => {
    await site.playbook(release.playbook);
    await expectCaught(site, release);
  },
);

thorough('a deploy that fails half way through the last stage is taken back whole', async () => {
  const run = await site.goLive([{ way: 'deploy-fails', batch: 100 }]);
  await expectRolledBack(
    site,
    run,
    [...WHOLE_ROLLOUT.slice(0, 2), 'rolling 100 -> 1'],
    /^deploy rolling-100 failed, exit 1: deploy\.sh: deploying RC\.\d+ failed half way/,
  );
});

thorough('a deploy that hangs is ended at its deadline', async () => {
  await site.playbook((playbook) => (stageOf(playbook, 'canary').deadline = '2s'));
  const run = await site.goLive([{ way: 'deploy-hangs' }]);
  await expectRolledBack(site, run, [canary('143')], /^deploy canary failed, stopped at its deadline/);
});

thorough('a deploy that hangs and ignores TERM is ended by an abort, not waited for', async () => {
  const run = await site.goLive([{ way: 'deploy-hangs', ignoresTerm: true }]);
  await run.untilDeploying('canary');
  expect(await run.requestAbort({ reason: 'it hangs', by: 'Bo' })).toMatchObject({
    accepted: true,
    phase: 'deploying',
    inFlight: 'deploy-canary',
  });
  // It was killed: no end in its journal.
  await expectRolledBack(site, run, [canary('?')], /^it hangs$/);
});

thorough('a deploy that lies with exit 0 is not believed', async () => {
  const run = await site.goLive([{ way: 'deploy-lies' }]);
  await expectRolledBack(
    site,
    run,
    [canary('0')],
    /^deploy canary exited 0, but its release doesn't answer: .*expected RC\.\d+/,
  );
});

thorough('a rollback that fails once is tried again', async () => {
  const run = await site.goLive([{ way: 'deploy-fails' }, { way: 'rollback-fails', times: 1 }]);
  await expectRolledBack(site, run, [canary('1'), 'back to RC.2 -> 1'], /^deploy canary failed/);
});

thorough('a rollback that keeps failing waits for a person, and can be taken over', async () => {
  const run = await site.goLive([{ way: 'deploy-fails' }, { way: 'rollback-fails', times: 2 }]);
  const { holds } = await run.untilHold('rollback-failed');
  expect(holds[0]?.reason).toMatch(
    /The rollback to RC\.2 is not proven: the rollback command failed, exit 1: deploy\.sh: rollback from RC\.\d+ failed half way/,
  );
  await run.decide('rollback-failed', 'retry');
  await expectRolledBack(site, run, [canary('1'), 'back to RC.2 -> 1', 'back to RC.2 -> 1'], /^deploy canary failed/);

  const abandoned = await site.goLive([{ way: 'deploy-fails' }, { way: 'rollback-fails', times: 2 }]);
  await abandoned.untilHold('rollback-failed');
  await abandoned.decide('rollback-failed', 'take-over');
  expect(await abandoned.result()).toMatchObject({
    outcome: 'rollback-failed',
    summary: expect.stringMatching(
      /^Ana took over: looked at it\. Known then: live version: RC\.\d+ ×\d+.*rollback from RC\.\d+ failed half way/,
    ) as unknown,
  });
});
