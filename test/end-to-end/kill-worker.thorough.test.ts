import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { EndToEnd } from '../support/end-to-end.js';
import { killSeeds, KILLS_PER_RUN, KILLS_WHEN_TAKEN_BACK, PLACES_PER_RUN } from '../support/kill-rounds.js';
import { killAlong } from '../support/killer.js';
import {
  expectCompleted,
  expectTakenBack,
  PREFLIGHT_CALLS,
  SMOKE_CALL,
  WHOLE_ROLLOUT,
} from '../support/what-a-run-did.js';

let site: EndToEnd;
beforeAll(async () => void (site = await EndToEnd.start()));
beforeEach(() => site.playbook());
afterEach(() => site.endLeftRun());
afterAll(() => site?.stop());

/** Fewer lines than there are when the canary soaks. */
const BEFORE_THE_SOAK = 16;

// Not looked at here: announcements. One whose worker dies may come late or not at all; they never delay a rollback.
describe.each(killSeeds(1))('the worker is killed with -9 at the instants of seed %i', (seed) => {
  test('a good release: completed, each command once', async () => {
    const run = await site.goLive();
    expect(await killAlong(site, run, seed, PLACES_PER_RUN, { takenBack: false })).toBe(KILLS_PER_RUN);
    await expectCompleted(site, run);
  });

  test('a release whose last deploy fails: rolled back, each command once', async () => {
    const run = await site.goLive([{ way: 'deploy-fails', batch: 100 }]);
    expect(await killAlong(site, run, seed, PLACES_PER_RUN, { takenBack: true })).toBeGreaterThanOrEqual(
      KILLS_WHEN_TAKEN_BACK,
    );
    await expectTakenBack(
      site,
      run,
      [...WHOLE_ROLLOUT.slice(0, 2), 'rolling 100 -> 1'],
      /^deploy rolling-100 failed, exit 1/,
    );
    expect(run.executed()).toEqual([...PREFLIGHT_CALLS, SMOKE_CALL]);
  });

  test('a release that is aborted when its canary is out: rolled back, each command once', async () => {
    await site.playbook((playbook) =>
      playbook.stages.forEach((stage) => stage.soak && (stage.soak = { min: '5m', max: '10m', settle: '1m' })),
    );
    const run = await site.goLive();
    const turn = async () => {
      await run.untilDeployed('canary');
      await run.handle.signal('abort', 'changed my mind');
    };
    const how = { takenBack: true, lines: BEFORE_THE_SOAK, turn };
    expect(await killAlong(site, run, seed + 1_000, PLACES_PER_RUN, how)).toBeGreaterThanOrEqual(KILLS_WHEN_TAKEN_BACK);
    await expectTakenBack(site, run, WHOLE_ROLLOUT.slice(0, 1), /^changed my mind$/);
    expect(run.executed()).toEqual([...PREFLIGHT_CALLS, SMOKE_CALL]);
  });
});
