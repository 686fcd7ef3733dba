import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { EndToEnd } from '../support/end-to-end.js';
import { expectLive, WHOLE_ROLLOUT } from '../support/what-a-run-did.js';

/** The outcomes no other end-to-end test is about; `completed`, `rehearsed` and `rolled-back` have files of their own. */
let site: EndToEnd;
beforeAll(async () => void (site = await EndToEnd.start()));
afterEach(() => site.endLeftRun());
afterAll(() => site?.stop());

test('rejected: what is live is not what a rollback would go back to', async () => {
  const run = await site.goLive([], { previousRelease: 'RC.1' });
  const result = await run.result();
  expect(result).toMatchObject({ outcome: 'rejected', stop: { by: 'preflight' } });
  expect(result.summary).toContain('rollback target (RC.2 ×30 on 30 fresh connections, expected RC.1)');
  expect(run.deploys()).toEqual([]);
  await expectLive(site, 'RC.2');
});

test('aborted: before anything was deployed', async () => {
  const run = await site.goLive([], { attestations: {} });
  await run.untilHold('attest-staging-parity');
  expect(await run.requestAbort({ by: 'Ana', reason: 'the incident channel is on fire' })).toMatchObject({ accepted: true, next: 'the go-live ends; nothing was deployed' });
  expect(await run.result()).toMatchObject({ outcome: 'aborted', summary: 'nothing was deployed; the incident channel is on fire' });
  expect(run.deploys()).toEqual([]);
  await expectLive(site, 'RC.2');
});

test('rollback-failed: it fails twice, and a person takes over', async () => {
  const run = await site.goLive([{ way: 'rollback-fails', times: 5 }, { way: 'failing-smoke' }]);
  const { holds } = await run.untilHold('rollback-failed');
  expect(holds.find(({ id }) => id === 'rollback-failed')?.reason).toContain('the rollback command failed, exit');
  await run.decide('rollback-failed', 'take-over');
  expect(await run.result()).toMatchObject({ outcome: 'rollback-failed' });
  expect(run.deploys().slice(0, 3)).toEqual(WHOLE_ROLLOUT);
  expect(run.deploys().slice(3).map((line) => line.replace(/-> \d+$/, '-> failed'))).toEqual(['back to RC.2 -> failed', 'back to RC.2 -> failed']);
});
