import { causeText } from '../../src/domain/run/cause.js';
import { expect } from '@jest/globals';
import { versions } from '../sandbox/fleet-probes.js';
import type { EndToEnd } from './end-to-end.js';
import type { GoLiveRun } from './go-live-run.js';

/** The commands of a rollout that went well, by deploy.sh's journal. */
export const WHOLE_ROLLOUT = ['canary 10 -> 0', 'rolling 25 -> 0', 'rolling 100 -> 0'];

/** The python calls of the preflight, each once. */
export const PREFLIGHT_CALLS = [
  'python scripts/go_live_checklist.py',
  'python scripts/ops/backup_create.py --name',
  'python scripts/ops/backup_manifest_validate.py',
];
export const SMOKE_CALL = 'pytest -q tests/smoke/test_go_live_validation.py';

/** Seen from outside: only this release answers through the balancer, and it is in every slot. */
export async function expectLive(site: EndToEnd, release: string): Promise<void> {
  expect(await versions(site.sandbox.info.url, 16)).toEqual({ [release]: 16 });
  expect(await site.releasesOnFleet()).toEqual([release]);
}

/** The run rolled back, proved it, and by every witness the former release is the only one. `deploys` are those before the rollback. */
export async function expectTakenBack(
  site: EndToEnd,
  run: GoLiveRun,
  deploys: string[],
  reason: RegExp,
): Promise<void> {
  const { previousRelease } = run.input;
  const result = await run.result();
  expect(`${result.outcome}: ${result.summary}`).toMatch(/^rolled-back: /);
  expect(result.stop?.reason).toMatch(reason);
  expect(run.deploys()).toEqual([...deploys, `back to ${previousRelease} -> 0`]);
  expect(run.overlapped()).toBe(false);
  expect(result.proof.map(({ name, state }) => [name, state])).toEqual([
    ['live version', 'pass'],
    ['health', 'pass'],
    ['ready', 'pass'],
    ['smoke', 'pass'],
    ['login', 'pass'],
    ['/aris3/stock', 'pass'],
    ['/aris3/reports/overview', 'pass'],
    ['/aris3/exports', 'pass'],
    ['integrity', 'pass'],
  ]);
  await expectLive(site, previousRelease);
}

/** The same, and people were told in the words of the playbook. */
export async function expectRolledBack(
  site: EndToEnd,
  run: GoLiveRun,
  deploys: string[],
  reason: RegExp,
): Promise<void> {
  await expectTakenBack(site, run, deploys, reason);
  const { stop } = await run.result();
  // What was added later (a second abort) was not known when it was told.
  const told = `ARIS3 rollout aborted due to ${stop && causeText({ ...stop, also: [] })}. Rollback in progress to ${run.input.previousRelease}. Next status in 10 min.`;
  expect((await run.messages()).filter((message) => message === told)).toHaveLength(1);
}

/** The run went all the way, each command once. */
export async function expectCompleted(site: EndToEnd, run: GoLiveRun): Promise<void> {
  const result = await run.result();
  expect(`${result.outcome}: ${result.summary}`).toMatch(/^completed: /);
  expect(run.deploys()).toEqual(WHOLE_ROLLOUT);
  expect(run.overlapped()).toBe(false);
  expect(run.executed()).toEqual([...PREFLIGHT_CALLS, SMOKE_CALL]);
  await expectLive(site, run.input.release);
}
