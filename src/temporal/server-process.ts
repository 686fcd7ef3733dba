import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Sees to it that a process and the group it leads don't outlive this one. KILL, for nobody will be there to see whether TERM was enough.
 * Returns what takes that back.
 */
export function killAtExit(pid: number): () => void {
  const kill = () => killGroup(pid);
  process.once('exit', kill);
  return () => process.off('exit', kill);
}

/** Kills what there is of the group that a process leads, or led. */
export function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // nobody is left in it
  }
}

/** Says whether a process runs that is not a zombie. */
export async function isRunning(pid: number): Promise<boolean> {
  return (await commandLine(pid)) !== undefined;
}

/** The command line of a running process, words joined by spaces; undefined when there is none (a zombie has none either). */
export async function commandLine(pid: number): Promise<string | undefined> {
  try {
    if (process.platform === 'linux') {
      return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').join(' ').trim() || undefined;
    }
    const { stdout } = await run('ps', ['-o', 'stat=,command=', '-p', String(pid)]);
    const [state = '', ...command] = stdout.trim().split(/\s+/);
    return state === '' || state.startsWith('Z') ? undefined : command.join(' ');
  } catch {
    return undefined; // /proc has no such entry, or ps says so by its exit code: the process is gone
  }
}

/**
 * Ends a process: TERM, and KILL when it hasn't gone within the grace. Returns when it is gone.
 * Does nothing when it is gone already. Throws when it isn't ours to end, or survives even that.
 */
export async function endProcess(pid: number, graceMs: number): Promise<void> {
  for (const [signal, waitMs] of [
    ['SIGTERM', graceMs],
    ['SIGKILL', 5_000],
  ] as const) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return;
      throw new Error(`process ${pid} could not be sent ${signal}: ${String(error)}. Stop it by hand.`, {
        cause: error,
      });
    }
    const deadline = performance.now() + waitMs;
    do {
      await sleep(20);
      if (!(await isRunning(pid))) return;
    } while (performance.now() < deadline);
  }
  throw new Error(
    `process ${pid} is still there after SIGKILL. Look at what it waits for (state D: a device or a network file system).`,
  );
}
