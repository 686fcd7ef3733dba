// What Linux says in /proc about what a process takes.
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProcTable } from '../src/ledger/process-table.js';

/** The unit of the times in /proc/<pid>/stat: Linux shows a hundredth of a second to every program. */
const TICK_S = 0.01;
const KIB_IN_MIB = 1_024;

/** Seconds of a processor's time that a process has taken so far. */
export async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_S;
}

/** Its memory, in MiB: pages that it shares with others count whole. */
export const residentMiB = (pid: number): Promise<number> => kibibytes(`/proc/${pid}/status`, 'VmRSS');

/** Its memory, in MiB: pages that it shares with others count in parts. */
export const proportionalMiB = (pid: number): Promise<number> => kibibytes(`/proc/${pid}/smaps_rollup`, 'Pss');

export async function childrenOf(pid: number): Promise<number[]> {
  return (await new ProcTable().all()).filter(({ parent }) => parent === pid).map((row) => row.pid);
}

/** What a process took in a stretch of time. */
export interface Stretch {
  /** Of one processor, in percent. */
  readonly cpu: number;
  /** At its end. */
  readonly residentMiB: number;
}

/** In fewer and longer ones the ticks of an idle process still count. */
const STRETCHES = 4;

/** Looks at processes for so many seconds, in four stretches. */
export async function watchProcesses<Name extends string>(
  pids: Readonly<Record<Name, number>>,
  seconds: number,
): Promise<Record<Name, Stretch[]>> {
  const names = Object.keys(pids) as Name[];
  const seen = Object.fromEntries(names.map((name) => [name, [] as Stretch[]])) as Record<Name, Stretch[]>;
  const used = () => Promise.all(names.map((name) => cpuSeconds(pids[name])));
  let [before, from] = [await used(), performance.now()];
  for (let stretch = 0; stretch < STRETCHES; stretch++) {
    await sleep((seconds * 1_000) / STRETCHES);
    const [now, to] = [await used(), performance.now()];
    for (const [index, name] of names.entries())
      seen[name].push({
        cpu: (100_000 * ((now[index] ?? NaN) - (before[index] ?? NaN))) / (to - from),
        residentMiB: await residentMiB(pids[name]),
      });
    [before, from] = [now, to];
  }
  return seen;
}

async function kibibytes(file: string, name: string): Promise<number> {
  const text = await readFile(file, 'utf8');
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) / KIB_IN_MIB;
}
