import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { Ending } from '../ending.js';
import type { Scenario } from '../scenario.js';
import { abortInTurns, warmUp } from './abort.js';

const loops = 5 * availableParallelism() + 1;

export const busy: Scenario = {
  name: 'busy',
  title: `Abort beside ${loops} busy loops`,
  says: `The same beside ${loops} processes that do nothing but compute (five for each core, and one).`,
  async measure(bench) {
    await warmUp(bench);
    const ending = bench.ending.child();
    await Promise.all(Array.from({ length: loops }, () => beBusy(ending)));
    try {
      await abortInTurns(bench, bench.runs({ quick: 1, usual: 8 }));
    } finally {
      await ending.end();
    }
  },
};

/** A loop that ends by itself when nobody is there any more who started it. */
async function beBusy(ending: Ending): Promise<void> {
  const child = spawn('/bin/sh', ['-c', 'while kill -0 "$0" 2>/dev/null; do :; done', String(process.pid)], {
    stdio: 'ignore',
  });
  await ending.add(() => child.kill('SIGKILL'));
}
