import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { EndToEnd } from '../support/end-to-end.js';
import { killSeeds, KILLS_PER_RUN, PLACES_PER_RUN } from '../support/kill-rounds.js';
import { killAlong } from '../support/killer.js';
import { expectCompleted } from '../support/what-a-run-did.js';

let site: EndToEnd;
beforeAll(async () => void (site = await EndToEnd.start()));
afterEach(() => site.endLeftRun());
afterAll(() => site?.stop());

test.each(killSeeds(1))(
  'a good release whose worker is killed with -9 at the instants of seed %i: completed, each command once',
  async (seed) => {
    const run = await site.goLive();
    expect(await killAlong(site, run, seed, PLACES_PER_RUN)).toBe(KILLS_PER_RUN);
    await expectCompleted(site, run);
  },
);
