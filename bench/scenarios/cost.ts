import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { folderSize } from '../../src/exporter/folder-size.js';
import { SETTLE_MS } from '../crowd.js';
import { childrenOf, proportionalMiB, watchProcesses } from '../processes.js';
import { secondsOf, type Bench, type Scenario } from '../scenario.js';
import type { Of } from '../side.js';
import { BENCH, type Stand } from '../stand.js';

const GOLIVE = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
const BYTES_IN_KIB = 1_024;

export const cost: Scenario = {
  name: 'cost',
  title: 'What it costs to have it',
  says: 'A worker that has nothing to do, and is new when nothing else was measured before; the supervisors that wait ready with it (their pages that they share count in parts); what one whole run leaves in its home; how long a command line takes. The twin: a worker with one queue, and Node that does nothing.',
  async measure(bench) {
    const stand = await bench.stand();
    await idle(bench, stand);
    const before = await kept(stand);
    await stand.play({ soaks: false });
    await stand.goLive();
    const after = await kept(stand);
    bench.take('ledger of one run', 'golive', 'KiB', after.ledger - before.ledger);
    bench.take('evidence of one run', 'golive', 'KiB', after.evidence - before.evidence);
    await starts(bench, stand);
  },
};

/** What a home has kept, in KiB. */
async function kept({ home }: Stand) {
  const [ledger, evidence] = [await folderSize(home.ledger), await folderSize(home.evidence)];
  return { ledger: ledger / BYTES_IN_KIB, evidence: evidence / BYTES_IN_KIB };
}

async function idle(bench: Bench, stand: Stand): Promise<void> {
  await sleep(SETTLE_MS);
  const [worker, bare] = [stand.workers('golive')[0], stand.workers('twin')[0]];
  if (!worker || !bare) throw new Error('The stand lacks a worker.');
  const seen = await watchProcesses(
    { golive: worker.pid, twin: bare.pid, server: stand.server.pid },
    secondsOf(bench.size),
  );
  for (const of of ['golive', 'twin'] as const)
    for (const { cpu, residentMiB } of seen[of]) {
      bench.take('idle worker: processor', of, '%', cpu);
      bench.take('idle worker: memory', of, 'MiB', residentMiB);
    }
  for (const { cpu } of seen.server) bench.take('server of both: processor', 'golive', '%', cpu);
  for (const pid of await childrenOf(worker.pid))
    bench.take('a supervisor that waits ready', 'golive', 'MiB', await proportionalMiB(pid));
}

async function starts(bench: Bench, stand: Stand): Promise<void> {
  const server = ['--address', stand.server.address, '--home', stand.home.folder];
  const runs = bench.runs({ quick: 2, usual: 15 });
  const status = [GOLIVE, 'status', BENCH, ...server];
  for (let run = 0; run < runs; run++) {
    await took(bench, 'golive status, of a go-live that has ended', 'golive', status);
    await took(bench, 'golive --help', 'golive', [GOLIVE, '--help']);
    await took(bench, 'golive --help', 'twin', ['-e', '0']);
  }
  await stand.play({ soaks: true });
  const soak = await stand.golive.soak(BENCH);
  for (let run = 0; run < runs; run++) {
    await took(bench, 'golive status, of one that soaks', 'golive', status);
    await took(bench, 'golive status, of one that soaks', 'twin', ['-e', '0']);
  }
  await soak.abort();
  await soak.over();
}

async function took(bench: Bench, measure: string, of: Of, args: readonly string[]): Promise<void> {
  const from = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`"${args.join(' ')}" was to exit with 0, but did with ${code}.`);
  bench.take(measure, of, 'ms', performance.now() - from);
}
