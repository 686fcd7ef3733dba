import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { EndToEnd } from '../support/end-to-end.js';
import { expectCompleted, expectLive } from '../support/what-a-run-did.js';

let site: EndToEnd;
beforeAll(async () => void (site = await EndToEnd.start()));
afterAll(() => site?.stop());

test('a dry run executes nothing but the rehearsal of the checklist', async () => {
  const run = await site.goLive([], { dryRun: true });
  const result = await run.result();
  expect(result.outcome).toBe('rehearsed');
  expect(result.summary).toBe('Go-live checklist result: DRY-RUN');
  expect(result.table?.trimEnd().split('\n').at(-1)).toBe('Go-live checklist result: DRY-RUN');
  expect(result.table).toContain('./deploy.sh --env prod --strategy canary --batch 10');
  expect(result.table).toContain(`./deploy.sh --env prod --rollback --to RC.2`);
  expect(run.executed()).toEqual(['python scripts/go_live_checklist.py --dry-run']);
  expect(run.deploys()).toEqual([]);
  expect(await run.messages()).toEqual([]);
  await expectLive(site, 'RC.2');
});

test('a good release goes live, each command once, announced in the words of the playbook', async () => {
  const run = await site.goLive();
  await expectCompleted(site, run);
  const { release } = run.input;
  expect(await run.messages()).toEqual([
    `ARIS3 release ${release} started (canary phase). Decision owner: Ana. Next update in 10 min.`,
    'ARIS3 canary healthy (error/latency within guardrails). Proceeding to rolling rollout 25% -> 100%.',
    `ARIS3 release ${release} go-live complete. Post-deploy smoke passed. Hypercare window now active (T+72h).`,
    expect.stringMatching(new RegExp(`^ARIS3 release ${release}: hypercare over\\. .*all 7 exit criteria met$`)),
  ]);
  const result = await run.result();
  expect(result.preflight.filter(({ state }) => state === 'fail')).toEqual([]);
  expect(result.verification.map(({ name, state }) => `${name}: ${state}`)).toEqual(
    [
      'live version',
      'health',
      'ready',
      'smoke',
      'login',
      '/aris3/stock',
      '/aris3/reports/overview',
      '/aris3/exports',
      'integrity',
    ].map((name) => `${name}: pass`),
  );
});

test('a second start for the environment is refused while one runs, and the wrong rollback target is rejected', async () => {
  const run = await site.goLive([], { previousRelease: 'RC.1' });
  await expect(site.goLive()).rejects.toThrow(/already/i);
  const result = await run.result();
  expect(result.outcome).toBe('rejected');
  expect(result.summary).toMatch(/rollback target \(RC\.\d+ ×30 on 30 fresh connections, expected RC\.1\)/);
  expect(run.deploys()).toEqual([]);
});
