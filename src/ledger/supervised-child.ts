import { spawn, type ChildProcess } from 'node:child_process';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { CommandDirectory } from './command-directory.js';
import { commandMark } from './command-key.js';
import type { Execution, FinalOutcome } from './command-outcome.js';
import type { CommandSpec } from './command-spec.js';
import { systemErrorCode } from '../durable-file.js';
import { giveWay } from './give-way.js';
import { OutputFile } from './output-file.js';
import { identityOf } from './process-identity.js';
import { COMMAND_MARK, ownMark } from './marks.js';
import { doubtAbout, orphansOf } from './orphans.js';
import { processTable } from './process-table.js';
import { ProcessTree } from './process-tree.js';
import { redactText } from './redaction.js';
import type { SupervisorOrder } from './supervisor-order.js';
import { cutText } from './whole-characters.js';

const DEFAULT_OUTPUT_LIMIT_BYTES = 4 * 1024 * 1024;
/** How long the output may still arrive after the main process has exited, before it counts as a daemon's. */
const DRAIN_MS = 250;
/** The most pids that a result lists. */
const LISTED_PIDS = 64;

interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/**
 * Runs the command and waits for its main process. @returns undefined if processes of it are left that even KILL could not end, or may be; then nothing
 * can be said about it
 */
export async function runChild(
  order: SupervisorOrder,
  directory: CommandDirectory,
  startedAt: string,
): Promise<FinalOutcome | undefined> {
  const { spec } = order;
  const hindrance = await workingDirectoryHindrance(spec);
  if (hindrance) return notStarted(spec, hindrance);
  const mark = commandMark(order.hostId, order.command);
  const child = start(spec, mark);
  if (child instanceof Error) return notStarted(spec, startHindrance(spec, child));
  if (spec.givesWay) giveWay(child.pid);
  // Listening before the first await: the command may be over by then.
  const exit = exitOf(child);
  const files = { stdout: outputFile(directory, spec, 'stdout'), stderr: outputFile(directory, spec, 'stderr') };
  const closed = Promise.all([capture(child.stdout, files.stdout), capture(child.stderr, files.stderr)]);
  const spawned = await new Promise<true | Error>((resolve) =>
    child.once('spawn', () => resolve(true)).once('error', resolve),
  );
  if (spawned !== true) return notStarted(spec, startHindrance(spec, spawned));

  const process = child.pid === undefined ? undefined : await identityOf(child.pid);
  const cgroup = process && (await processTable.one(process.pid))?.cgroup();
  if (process) await directory.record('child', { process, ...(cgroup === undefined ? {} : { cgroup }) });
  const tree = new ProcessTree(mark, { root: process, supervisorMark: ownMark() });
  const deadline = new Deadline(spec, tree);
  const { code, signal } = await exit;
  const survivors = await deadline.settle();
  await Promise.race([closed, pause(DRAIN_MS, undefined, { ref: false })]);
  if (survivors.length > 0 || (deadline.passed && (await isDoubtful(directory)))) return undefined;

  const revoked = await directory.read('revoked');
  const leftBehind = revoked ? [] : (await tree.members()).map((row) => row.pid).slice(0, LISTED_PIDS);
  const execution: Execution = {
    startedAt,
    endedAt: new Date().toISOString(),
    stdout: files.stdout.end(),
    stderr: files.stderr.end(),
    leftBehind,
  };
  if (revoked) {
    return {
      kind: 'stopped',
      ran: 'yes',
      ...(code !== null && { exitCode: code }),
      ...(signal !== null && { signal }),
      ...execution,
    };
  }
  if (deadline.passed) return { kind: 'deadline', deadlineMs: spec.deadlineMs, ...execution };
  return code === null
    ? { kind: 'signalled', signal: signal ?? 'unknown', ...execution }
    : { kind: 'exited', exitCode: code, ...execution };
}

/** Whether something may be left of a command that was ended at its deadline though nothing carries a mark of it; the directory then says why. */
async function isDoubtful(directory: CommandDirectory): Promise<boolean> {
  const orphans = await orphansOf(directory, Date.now());
  if (orphans.length === 0) return false;
  const survivors = orphans.map(({ pid }) => pid).slice(0, LISTED_PIDS);
  await directory.record('unproven', { why: doubtAbout(orphans), survivors, at: new Date().toISOString() });
  return true;
}

type Child = ChildProcess & { stdout: Readable; stderr: Readable };

function start(spec: CommandSpec, mark: string): Child | Error {
  const [file = '', ...args] = spec.argv;
  const env = { ...spec.env, [COMMAND_MARK]: mark };
  try {
    // detached: a process group (and session) of its own, which can be ended as a whole.
    return spawn(file, args, { cwd: spec.workingDirectory, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    // Some reasons for not starting are thrown (E2BIG: too many arguments), others come as an event.
    return error instanceof Error ? error : new Error(String(error));
  }
}

function exitOf(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
}

function outputFile(directory: CommandDirectory, spec: CommandSpec, name: 'stdout' | 'stderr'): OutputFile {
  return new OutputFile(
    directory.file(`${name}.log`),
    spec.outputLimitBytes ?? DEFAULT_OUTPUT_LIMIT_BYTES,
    spec.secrets,
  );
}

/**
 * Takes the output until its end. A daemon that the command leaves behind keeps it open: what it says after the result goes nowhere, but it must
 * not be killed by a broken pipe, so this process goes on reading, without a lock, as long as the daemon writes.
 */
function capture(stream: Readable, file: OutputFile): Promise<void> {
  stream.on('data', (chunk: Buffer) => file.write(chunk));
  return new Promise((resolve) => {
    stream.once('close', () => resolve());
    stream.once('error', () => resolve()); // a pipe that can't be read any more has nothing to say
  });
}

/** Ends the tree when the time is over. */
class Deadline {
  passed = false;
  readonly #timer: NodeJS.Timeout;
  #ending: Promise<{ survivors: number[] }> | undefined;

  constructor(spec: CommandSpec, tree: ProcessTree) {
    this.#timer = setTimeout(() => {
      this.passed = true;
      this.#ending = tree.end(spec.stopGraceMs);
    }, spec.deadlineMs);
  }

  /** The main process has exited: no deadline any more, but one that has passed ends the whole tree. @returns pids it could not end */
  async settle(): Promise<number[]> {
    clearTimeout(this.#timer);
    return (await this.#ending)?.survivors ?? [];
  }
}

async function workingDirectoryHindrance({ workingDirectory }: CommandSpec): Promise<string | undefined> {
  try {
    if ((await stat(workingDirectory)).isDirectory()) return undefined;
    return `its working directory ${workingDirectory} is not a directory`;
  } catch (error) {
    const missing = systemErrorCode(error) === 'ENOENT';
    return `its working directory ${workingDirectory} ${missing ? 'does not exist' : `can't be used (${systemErrorCode(error)})`}`;
  }
}

function startHindrance({ argv, workingDirectory }: CommandSpec, error: Error): string {
  const causes: Record<string, string> = {
    E2BIG: 'its arguments and environment are too long',
    ENOENT: 'there is no such executable (or the interpreter in its first line is missing)',
    EACCES: 'it is not executable for this user',
    ENOEXEC: 'it is not a program (a script needs a first line such as #!/bin/sh)',
  };
  const code = systemErrorCode(error) ?? error.message;
  return `${argv[0]} could not be started in ${workingDirectory}: ${causes[code] ?? code}`;
}

function notStarted(spec: CommandSpec, hindrance: string): FinalOutcome {
  return {
    kind: 'not-started',
    reason: cutText(
      redactText(`Nothing ran: ${hindrance}. Correct it on this host and decide again.`, spec.secrets),
      2_000,
    ),
  };
}
