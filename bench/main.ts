// What golive itself takes: a whole go-live of nine trivial commands beside the same commands as bare activities. docs/performance.md says how to read it.
import { parseArgs } from 'node:util';
import { openStand } from './stand.js';
import { stepsOf, whereTimeGoes } from './where-time-goes.js';

const { values } = parseArgs({ options: { quick: { type: 'boolean' }, runs: { type: 'string' } } });
const runs = Number(values.runs ?? (values.quick ? 3 : 15));

const stand = await openStand();
const took = { golive: [] as number[], bare: [] as number[] };
const parts: Map<string, number>[] = [];
let steps = '';
try {
  // The first run of each warms up caches that every later one finds warm.
  await stand.bare();
  await stand.goLive();
  for (let run = 0; run < runs; run++) {
    took.bare.push((await timed(() => stand.bare())).ms);
    const { ms, handle } = await timed(() => stand.goLive());
    took.golive.push(ms);
    const history = await handle.fetchHistory();
    parts.push(whereTimeGoes(history));
    steps = stepsOf(history);
  }
} finally {
  await stand.stop();
}

for (const [name, all] of Object.entries(took))
  console.info(`${name.padEnd(8)}${line(median(all))} median ${line(quantile(all, 0.95))} p95`);
console.info(
  `ratio   ${(median(took.golive) / median(took.bare)).toFixed(1).padStart(10)} of ${runs} runs each, interleaved`,
);
console.info(`\n${steps}\nwhere the time goes (medians, from the history)`);
const names = [...new Set(parts.flatMap((each) => [...each.keys()]))];
names
  .map((name) => ({ name, ms: median(parts.map((each) => each.get(name) ?? 0)) }))
  .sort((one, other) => other.ms - one.ms)
  .forEach(({ name, ms }) => console.info(`${line(ms)}  ${name}`));

async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; handle: T }> {
  const from = performance.now();
  const handle = await work();
  return { ms: performance.now() - from, handle };
}

function quantile(all: readonly number[], share: number): number {
  const sorted = [...all].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

function median(all: readonly number[]): number {
  return quantile(all, 0.5);
}

function line(ms: number): string {
  return `${ms.toFixed(0).padStart(7)} ms`;
}
