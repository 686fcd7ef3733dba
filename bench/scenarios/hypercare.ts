import { setTimeout as sleep } from 'node:timers/promises';
import { abortSome, environmentsOf, SETTLE_MS, startAll, takeCrowd, watchBoth } from '../crowd.js';
import type { Stretch } from '../processes.js';
import type { Bench, Scenario } from '../scenario.js';
import type { Soaking } from '../side.js';
import { Stand } from '../stand.js';
import { median } from '../statistics.js';

const SECONDS_IN_DAY = 86_400;

/** How many are in hypercare: of fewer an idle worker's ups and downs are more than what they take. */
const COUNT = 50;
const THOUSAND = 1_000;
const PROBE_EVERY_MS = 60_000;
/** The first segment of hypercare lasts ten minutes, and doesn't end with what changes: its signs of life come as often as a soak's. */
const CALM_AFTER_MS = 620_000;
/** For how long they are looked at, in seconds: a look of each falls into every second stretch. */
const SECONDS = 120;

export const hypercare: Scenario = {
  name: 'hypercare',
  title: 'A go-live in hypercare',
  says: 'Go-lives in the calm of hypercare, each with a look at its health once a minute: what the worker and the server take beyond what they take with none, for one go-live and a day; and what a thousand take in one worker.',
  takesLong: true,
  async measure(bench) {
    await inHypercare(bench, COUNT, async (stand, start) => {
      const idle = await taken(stand);
      await start();
      const busy = await taken(stand);
      for (const name of ['worker', 'server'] as const) {
        const each = (now: number, before: number) => (now - before) / COUNT;
        const cpu = each(busy[name].cpu, idle[name].cpu);
        bench.take(`one for a day: processor, ${name}`, 'golive', 's', (cpu / 100) * SECONDS_IN_DAY);
        bench.take(`one: memory, ${name}`, 'golive', 'MiB', each(busy[name].residentMiB, idle[name].residentMiB));
      }
    });
    if (bench.size !== 'full') return;
    await inHypercare(bench, THOUSAND, async (stand, start) => {
      const waiting = await start();
      await takeCrowd(bench, stand, `${THOUSAND}`, { everyMs: PROBE_EVERY_MS, seconds: 2 * SECONDS });
      await abortSome(bench, `${THOUSAND}`, () => waiting.pop());
    });
  },
};

/** @param start resolves when so many go-lives are in hypercare */
async function inHypercare(
  bench: Bench,
  count: number,
  measure: (stand: Stand, start: () => Promise<Soaking[]>) => Promise<void>,
): Promise<void> {
  const environments = environmentsOf(count);
  const stand = await Stand.open(bench.ending, environments);
  try {
    await stand.play({ soaks: false, hypercare: '72h' });
    await sleep(SETTLE_MS);
    await measure(stand, async () => {
      const all = await startAll(environments, (each) => stand.golive.soak(each, 'hypercare'));
      await sleep(CALM_AFTER_MS);
      return all;
    });
  } finally {
    await stand.close();
  }
}

/** What the worker and the server take: of a processor in percent, and their memory in MiB. */
async function taken(stand: Stand) {
  const { worker, server } = await watchBoth(stand, SECONDS);
  return { worker: middle(worker), server: middle(server) };
}

const middle = (stretches: readonly Stretch[]): Stretch => ({
  cpu: median(stretches.map(({ cpu }) => cpu)),
  residentMiB: median(stretches.map(({ residentMiB }) => residentMiB)),
});
