import type { Bench, Scenario } from '../scenario.js';
import type { Of } from '../side.js';
import { median } from '../statistics.js';
import { stepsOf, whereTimeGoes } from '../where-time-goes.js';

const WHOLE = 'the whole run';

export const wholeRun: Scenario = {
  name: 'whole-run',
  title: 'A whole go-live of nine trivial commands',
  says: 'From its start to its result, without a soak, and where its time goes by its history: every moment counts once, for the activity that works, else for one that waits for a worker, else for the workflow task, else for watching, else for a timer. The twin runs the same nine commands as plain activities that spawn them: no ledger, no watching, no proof.',
  async measure(bench) {
    const stand = await bench.stand();
    await stand.play({ soaks: false });
    // The first run of each warms up caches that every later one finds warm.
    await stand.bareGoLive();
    await stand.goLive();
    const parts: Map<string, number>[] = [];
    const runs = bench.runs({ quick: 3, usual: 15 });
    for (let run = 0; run < runs; run++) {
      await timed(bench, 'twin', () => stand.bareGoLive());
      const history = await (await timed(bench, 'golive', () => stand.goLive())).fetchHistory();
      parts.push(whereTimeGoes(history));
      for (const [what, count] of Object.entries(stepsOf(history))) bench.take(what, 'golive', '', count);
    }
    // A part that one run lacks took no time in it.
    [...new Set(parts.flatMap((each) => [...each.keys()]))]
      .map((part) => ({ part, all: parts.map((each) => each.get(part) ?? 0) }))
      .sort((one, other) => median(other.all) - median(one.all))
      .forEach(({ part, all }) => all.forEach((ms) => bench.take(`of it: ${part}`, 'golive', 'ms', ms)));
  },
};

async function timed<T>(bench: Bench, of: Of, work: () => Promise<T>): Promise<T> {
  const from = performance.now();
  const done = await work();
  bench.take(WHOLE, of, 'ms', performance.now() - from);
  return done;
}
