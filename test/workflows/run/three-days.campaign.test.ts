import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { planFor } from '../../../src/domain/plan/plan.js';
import { readPlaybookFile } from '../../../src/plans/playbook-file.js';
import { goodReading } from '../../support/simulated-watch.js';
import { enableTimeSkipping, fastForwardTo } from '../../support/time-skipping.js';
import { momentOf, statusWhen, whatHappened, WorkflowLab, type GoLiveHandle } from '../../support/workflow-lab.js';

let lab: WorkflowLab;
beforeAll(async () => {
  lab = await WorkflowLab.open();
});
afterAll(() => lab.close());

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

test('three days of the real ARIS3: reviews, flaps, a hotfix that supersedes, and a late rollback of the hotfix', async () => {
  const { hypercare } = planFor(await readPlaybookFile('examples/aris3/golive.yaml'), 'prod');
  const room = await lab.room((plan) => ({ ...plan, hypercare }));
  const { world } = room;
  /** When the release that is live now passed its smoke. */
  let verified: number | undefined;
  world.during = (name) => {
    if (name === 'checklist.1') verified = undefined;
    if (name === 'smoke.1') verified = Infinity;
  };
  world.readings = (check, target, now) => {
    if (verified === undefined || target !== 'service' || check.name !== 'p95') return goodReading(check);
    if (verified === Infinity) verified = now;
    const hours = (now - verified) / HOUR;
    // RC.3 flaps for an hour, around its guardrail and its trigger; RC.4 is too slow after 60 hours.
    if (world.live === 'RC.3' && hours > 3 && hours < 4)
      return { kind: 'value', value: Math.round(now / (5 * MINUTE)) % 2 ? 612 : 180 };
    return world.live === 'RC.4' && hours > 60 ? { kind: 'value', value: 612 } : goodReading(check);
  };

  const first = await room.start({ until: '30h30m' });
  const { hypercare: care } = await statusWhen(first, ({ phase }) => phase === 'hypercare');
  expect(care?.reviews.length).toBeGreaterThan(0);
  expect(
    await first.executeUpdate('supersede', { args: [{ release: 'RC.4', by: 'Ana', reason: 'rounding in exports' }] }),
  ).toContain('nothing is rolled back');
  const superseded = await first.result();
  expect(superseded).toMatchObject({ outcome: 'completed', supersededBy: { release: 'RC.4' } });
  expect(superseded.hypercare?.reviews.length).toBe(4);
  expect(superseded.hypercare?.flaps).not.toEqual([]);
  expect(world.executed.filter((name) => name.startsWith('rollback'))).toEqual([]);

  const second = (await room.start({
    input: { release: 'RC.4', previousRelease: 'RC.3' },
    until: '40h',
  })) satisfies GoLiveHandle;
  await statusWhen(second, ({ phase, release }) => phase === 'hypercare' && release === 'RC.4');
  await fastForwardTo(lab.client, second.workflowId, '50h');
  await enableTimeSkipping(lab.client, second.workflowId);
  const result = await second.result();
  expect(result).toMatchObject({
    outcome: 'rolled-back',
    release: 'RC.4',
    previousRelease: 'RC.3',
    stop: { kind: 'trigger', by: 'trigger latency' },
  });
  const after = (momentOf(result, 'trigger latency') - momentOf(result, 'hypercare for')) / HOUR;
  expect(after).toBeGreaterThanOrEqual(60.25);
  expect(after).toBeLessThan(60.25 + 3 / 60);
  expect(world.live).toBe('RC.3');
  expect(world.executed.filter((name) => name.startsWith('rollback'))).toEqual(['rollback.1', 'rollback-smoke.1']);
  expect(result.hypercare?.reviews.length).toBe(19);
  expect(whatHappened(result).filter((what) => what.startsWith('message: ARIS3 rollout aborted'))).toHaveLength(1);
});
