import { randomBytes } from 'node:crypto';
import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { ReadOnlyEnd } from '../../domain/contracts/integrity-report.js';
import { systemErrorCode } from '../../durable-file.js';
import { giveWay } from '../../ledger/give-way.js';
import { identityOf } from '../../ledger/process-identity.js';
import { COMMAND_MARK } from '../../ledger/marks.js';
import { ProcessTree } from '../../ledger/process-tree.js';
import { RedactingStream, redactText } from '../../ledger/redaction.js';
import { cutAt } from '../../ledger/whole-characters.js';
import type { CommandLine } from './command-line.js';
import { formatDuration } from '../../domain/time/duration.js';

/** Bytes taken of each stream; a command that prints more is ended. */
const MOST_BYTES = 1024 * 1024;
/** How long the output may still arrive after the exit. */
const DRAIN_MS = 250;

/**
 * Runs a command that only reads, beside everything else: not in the ledger, whose lock of the environment would make a rollback wait for it. It has a
 * process group of its own, gives way to everything else, and is ended with all it started at its deadline, when it prints too much, and when the signal comes; a KILL is enough for
 * what changes nothing. Rejects only with the signal's reason; that it could not be run is an end like any other.
 */
export async function runReadOnly(line: CommandLine, deadlineMs: number, signal: AbortSignal): Promise<ReadOnlyEnd> {
  signal.throwIfAborted();
  const mark = randomBytes(20).toString('hex');
  const child = started(line, mark);
  if (child instanceof Error) return { kind: 'failed', why: notStarted(line, child), stdout: '', stderr: '' };
  giveWay(child.pid);
  const exit = new Promise<string | number>((resolve) =>
    child.once('exit', (code, by) => resolve(code ?? by ?? 'a signal')),
  );
  const spawned = new Promise<Error | undefined>((resolve) =>
    child.once('spawn', () => resolve(undefined)).once('error', resolve),
  );
  const [stdout, stderr] = [new Captured(child.stdout), new Captured(child.stderr)];
  const failure = await spawned;
  if (failure) return { kind: 'failed', why: notStarted(line, failure), stdout: '', stderr: '' };
  const over = new AbortController();
  let tree = new ProcessTree(mark);
  try {
    // Its group counts as well, whatever has shed the mark.
    tree = new ProcessTree(mark, { root: child.pid === undefined ? undefined : await identityOf(child.pid) });
    const first = await Promise.race([
      exit.then((how) => ({ how })),
      pause(
        deadlineMs,
        { why: `stopped at its deadline of ${formatDuration(deadlineMs)}` },
        { signal: AbortSignal.any([over.signal, signal]) },
      ),
      Promise.race([stdout.tooMuch, stderr.tooMuch]).then(() => ({
        why: `stopped: it printed more than ${MOST_BYTES} bytes`,
      })),
    ]);
    if ('how' in first)
      await Promise.race([Promise.all([stdout.closed, stderr.closed]), pause(DRAIN_MS, undefined, { ref: false })]);
    const said = { stdout: stdout.textWithout(line.secrets), stderr: stderr.textWithout(line.secrets) };
    if ('why' in first) return { kind: 'failed', why: first.why, ...said };
    return typeof first.how === 'number'
      ? { kind: 'exited', exitCode: first.how, ...said }
      : { kind: 'failed', why: `ended by ${first.how}`, ...said };
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    over.abort();
    await tree.end(0);
    stdout.close();
    stderr.close();
  }
}

type Child = ChildProcess & { stdout: Readable; stderr: Readable };

function started({ argv, env, workingDirectory }: CommandLine, mark: string): Child | Error {
  const [file = '', ...args] = argv;
  try {
    return spawn(file, args, {
      cwd: workingDirectory,
      env: { ...env, [COMMAND_MARK]: mark },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** A rollback, an abort and the commands of a go-live are served first on a busy machine. */
function notStarted({ argv, workingDirectory, secrets }: CommandLine, error: Error): string {
  const code = systemErrorCode(error) ?? error.message;
  const hint = code === 'ENOENT' ? `there is no such program, or no directory ${workingDirectory}` : code;
  return redactText(`${argv[0]} could not be started in ${workingDirectory}: ${hint}`, secrets);
}

/** The beginning of a stream. */
class Captured {
  readonly closed: Promise<void>;
  readonly tooMuch: Promise<void>;
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(private readonly stream: Readable) {
    // A pipe that can't be read any more has nothing to say.
    this.closed = new Promise((resolve) => stream.once('close', resolve).once('error', () => resolve()));
    this.tooMuch = new Promise((resolve) => {
      stream.on('data', (chunk: Buffer) => {
        if (this.#bytes < MOST_BYTES) this.#chunks.push(chunk.subarray(0, MOST_BYTES - this.#bytes));
        this.#bytes += chunk.length;
        if (this.#bytes > MOST_BYTES) resolve();
      });
    });
  }

  /** As text with secrets taken out. Where it was cut off, half a secret and half a character are left out as well. */
  textWithout(secrets: readonly string[]): string {
    const redaction = new RedactingStream(secrets);
    const shown = redaction.write(Buffer.concat(this.#chunks));
    if (this.#bytes > MOST_BYTES) return shown.subarray(0, cutAt(shown, shown.length)).toString('utf8');
    return Buffer.concat([shown, redaction.end()]).toString('utf8');
  }

  close(): void {
    this.#chunks = [];
    this.stream.destroy();
  }
}
