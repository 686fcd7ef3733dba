import { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';
import { systemErrorCode } from '../durable-file.js';
import { processTable } from './process-table.js';

/** Names one process for good: a pid alone is used again by strangers. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTime: string;
  /** Changes with every boot of the machine. */
  readonly bootId: string;
  /** Changes with every container; pids of another one say nothing here. */
  readonly pidNamespace: string;
}

/** `unseen`: from here it can't be known; `why` is a clause for the operator. */
export type Liveness = { state: 'alive' } | { state: 'dead'; why: string } | { state: 'unseen'; why: string };

type Surroundings = Pick<ProcessIdentity, 'bootId' | 'pidNamespace'>;
let surroundings: Promise<Surroundings> | undefined;

/** The boot and the pid namespace this process lives in. */
export function here(): Promise<Surroundings> {
  surroundings ??= process.platform === 'linux' ? linuxSurroundings() : macSurroundings();
  return surroundings;
}

async function linuxSurroundings(): Promise<Surroundings> {
  const [bootId, pidNamespace] = await Promise.all([
    readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
    readlink('/proc/self/ns/pid'),
  ]);
  return { bootId: bootId.trim(), pidNamespace };
}

async function macSurroundings(): Promise<Surroundings> {
  const { stdout } = await promisify(execFile)('/usr/sbin/sysctl', ['-n', 'kern.bootsessionuuid']);
  return { bootId: stdout.trim(), pidNamespace: 'none' };
}

/** The identity of a living process (by default this one), or undefined if there is none with that pid. */
export async function identityOf(pid: number = process.pid): Promise<ProcessIdentity | undefined> {
  const row = await processTable.one(pid);
  if (!row || row.ended) return undefined;
  return { pid, startTime: row.startTime, ...(await here()) };
}

/** Whether exactly this process still lives. A process that only waits to be collected (a zombie) is dead. */
export async function livenessOf(identity: ProcessIdentity): Promise<Liveness> {
  const { bootId, pidNamespace } = await here();
  if (identity.bootId !== bootId) {
    return {
      state: 'dead',
      why: `process ${identity.pid} belonged to another boot of this machine (or to another machine)`,
    };
  }
  if (identity.pidNamespace !== pidNamespace) {
    return {
      state: 'unseen',
      why: `process ${identity.pid} belongs to another container (pid namespace ${identity.pidNamespace}, here ${pidNamespace}) and can't be seen from here`,
    };
  }
  const row = await processTable.one(identity.pid);
  if (row && !row.ended && row.startTime === identity.startTime) return { state: 'alive' };
  return { state: 'dead', why: `process ${identity.pid} has ended` };
}

/** Sends a signal to exactly this process; looks at its identity right before, so that a reused pid is never hit. */
export async function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): Promise<void> {
  if ((await livenessOf(identity)).state === 'alive') sendSignal(identity.pid, signal);
}

/** `kill(2)` that takes "already gone" for an answer. A negative pid means a process group. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // ESRCH: it ended meanwhile. EPERM: it changed its user; it then shows as a survivor.
    if (!['ESRCH', 'EPERM'].includes(systemErrorCode(error) ?? '')) throw error;
  }
}
