import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hypercareFor } from '../../support/hypercare-for.js';
import { WorkflowLab } from '../../support/workflow-lab.js';

let lab: WorkflowLab;
beforeAll(async () => {
  lab = await WorkflowLab.open();
});
afterAll(() => lab.close());

const HOUR = 3_600_000;

test('a whole go-live, by the playbook', async () => {
  const room = await lab.room((plan) => ({ ...plan, hypercare: hypercareFor(12 * HOUR) }));
  const handle = await room.start();
  const result = await handle.result();

  expect(result).toMatchObject({ outcome: 'completed', release: 'RC.3', previousRelease: 'RC.2' });
  expect(room.world.executed).toEqual([
    'branch.1',
    'clean-tree.1',
    'checklist.1',
    'backup-create.1',
    'backup-validate.1',
    'deploy-canary.1',
    'deploy-rolling-25.1',
    'deploy-rolling-100.1',
    'smoke.1',
  ]);
  expect(room.world.messages).toEqual([
    'ARIS3 release RC.3 started (canary phase). Decision owner: Ana. Next update in 10 min.',
    'ARIS3 canary healthy (error/latency within guardrails). Proceeding to rolling rollout 25% -> 100%.',
    'ARIS3 release RC.3 go-live complete. Post-deploy smoke passed. Hypercare window now active (T+72h).',
    expect.stringMatching(/^ARIS3 release RC\.3: hypercare over\. 12h/),
  ]);
  expect(room.world.pages).toEqual([]);
  expect([...result.preflight, ...result.verification].filter(({ state }) => state === 'fail')).toEqual([]);

  const at = (words: string) => Date.parse(result.timeline.find(({ what }) => what.startsWith(words))?.at ?? '');
  expect(at('deploying rolling-25') - at('soaking canary')).toBeGreaterThanOrEqual(5 * 60_000);
  expect(at('completed') - at('hypercare for 12h')).toBeGreaterThanOrEqual(12 * HOUR);
});
