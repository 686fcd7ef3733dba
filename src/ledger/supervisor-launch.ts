import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process';
import { open } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { CommandDirectory } from './command-directory.js';
import { commandMark } from './command-key.js';
import { SUPERVISOR_MARK, underLimit } from './marks.js';
import { AHEAD, type SupervisorOrder } from './supervisor-order.js';

const SUPERVISOR = fileURLToPath(new URL('supervisor.js', import.meta.url));

/** Only what Node itself may need to start; the worker's environment holds secrets that are none of the supervisor's business. */
const INHERITED = ['PATH', 'HOME', 'LD_LIBRARY_PATH', 'TMPDIR'];

/** One without an order that takes longer to end hangs (somebody may have stopped it). */
const DISMISSED_WITHIN_MS = 1_000;

/** A supervisor on its way. */
export interface LaunchedSupervisor {
  readonly pid: number;
  /** Resolves with its exit code, or null if a signal ended it. */
  readonly exited: Promise<number | null>;
}

/** A supervisor that has no order yet. */
export interface WaitingSupervisor extends LaunchedSupervisor {
  /** Tells it what to run; from then on it depends on this process in nothing. Once only. */
  give(order: SupervisorOrder): void;
  /** Lets it end without an order, and ends it should it hang. */
  dismiss(): void;
}

/**
 * Starts a supervisor that depends on this process in nothing: its own session, no shared terminal, its complaints in a file.
 * Rejects if no process could be started.
 */
export async function launchSupervisor(
  directory: CommandDirectory,
  order: SupervisorOrder,
): Promise<LaunchedSupervisor> {
  const complaints = await open(directory.file('supervisor.log'), 'a', 0o600);
  try {
    const supervisor = await startSupervisor(commandMark(order.hostId, order.command), [
      'pipe',
      'ignore',
      complaints.fd,
    ]);
    supervisor.give(order);
    return supervisor;
  } finally {
    await complaints.close();
  }
}

/**
 * Starts a supervisor ahead of need: it has no order yet, and ends by itself when this process does. Resolves when it is ready.
 * @param mark by which it is recognised, and its command until that shows its own
 */
export async function startAhead(mark: string): Promise<WaitingSupervisor> {
  const supervisor = await startSupervisor(mark, ['pipe', 'pipe', 'ignore'], [AHEAD]);
  const { stdout } = supervisor;
  const ready = new Promise<void>((resolve) => stdout?.once('data', () => resolve()));
  (stdout as Unreferenced | null)?.unref();
  const ended = await Promise.race([ready, supervisor.exited]);
  stdout?.destroy();
  if (ended !== undefined) throw new Error(`A supervisor that was started ahead of need ended with ${ended}.`);
  return supervisor;
}

type Unreferenced = { unref(): void };

/** Starts a supervisor, which waits for its order. Rejects if no process could be started. */
async function startSupervisor(
  mark: string,
  stdio: StdioOptions,
  how: readonly string[] = [],
): Promise<WaitingSupervisor & Pick<ChildProcess, 'stdout'>> {
  const env = Object.fromEntries(
    INHERITED.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
  const [file = '', ...args] = underLimit(mark, [process.execPath, SUPERVISOR, ...how]);
  const child = spawn(file, args, { cwd: '/', detached: true, env: { ...env, [SUPERVISOR_MARK]: mark }, stdio });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  const { stdin, stdout } = child;
  // It may have died before it read its order: its exit tells.
  stdin?.on('error', () => undefined);
  // This process lasts no longer because one waits.
  child.unref();
  (stdin as (Writable & Unreferenced) | null)?.unref();
  return {
    pid: child.pid ?? 0,
    exited,
    stdout,
    give: (order) => void stdin?.end(`${JSON.stringify(order)}\n`),
    dismiss: () => {
      stdin?.end();
      const late = setTimeout(() => child.kill('SIGKILL'), DISMISSED_WITHIN_MS);
      void exited.then(() => clearTimeout(late));
    },
  };
}
