import { cp, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { EndToEnd } from '../support/end-to-end.js';
import type { GoLiveRun } from '../support/go-live-run.js';
import { stageOf } from '../support/quick-playbook.js';
import { expectCompleted, expectLive } from '../support/what-a-run-did.js';

let site: EndToEnd;
beforeAll(async () => void (site = await EndToEnd.start()));
afterEach(() => site.endLeftRun());
afterAll(() => site?.stop());

/** Copies the server's database, or puts the copy back. The server must be down. */
async function copyDatabase(from: string, to: string): Promise<void> {
  const name = basename(site.home.database);
  for (const file of (await readdir(from)).filter((each) => each.startsWith(name)))
    await cp(join(from, file), join(to, file));
}

/** A run whose server comes back, after `meanwhile`, with the database that it had while a stage was soaking. */
async function restored(stage: string, meanwhile: (run: GoLiveRun) => Promise<unknown>): Promise<GoLiveRun> {
  await site.playbook((playbook) => (stageOf(playbook, stage).soak = { min: '8s', max: '1m', settle: '500ms' }));
  const run = await site.goLive();
  const home = dirname(site.home.database);
  await run.untilPhase('soaking', stage);
  await site.withoutServer(() => copyDatabase(home, site.directory));
  await meanwhile(run);
  await site.worker?.kill();
  await site.withoutServer(() => copyDatabase(site.directory, home));
  await site.startWorker();
  return run;
}

test('a server whose restored database knows less than the ledger: what ran is not run again', async () => {
  const run = await restored('rolling-25', (run) => run.untilDeployed('--batch 100'));
  // Whatever else the ledger knows by then is asked about.
  const asks = run.untilHold('ledger-ahead').then(() => run.decide('ledger-ahead', 'continue'));
  await Promise.race([run.result(), asks.catch(() => undefined)]);
  await expectCompleted(site, run);
});

test('a release that was rolled back is not deployed again by a run that has forgotten its rollback', async () => {
  const run = await restored('rolling-25', async (run) => {
    await run.handle.signal('abort', 'it is bad');
    await run.until('rolled back', () => run.deploys().at(-1)?.startsWith('back to') ?? false);
  });
  const deploys = run.deploys();
  expect(deploys).toHaveLength(3);
  await run.untilHold('ledger-ahead');
  await run.decide('ledger-ahead', 'roll-back');
  expect(await run.result()).toMatchObject({ outcome: 'rolled-back' });
  expect(run.deploys()).toEqual(deploys);
  await expectLive(site, run.input.previousRelease);
});
