import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { describeEnd } from '../../domain/commands/command.js';
import { TAG } from '../../domain/run/input.js';
import type { CommandKey, CommandView, Ledger, OutputPlace, OutputStream } from '../../ledger/ledger.js';
import { endOf } from './command-end.js';

/** Of each stream in one answer: in base64 both fit well into what the server takes of a payload (2 MiB). */
export const CHUNK_BYTES = 256 * 1_024;
const LONGEST_WAIT_MS = 20_000;
const LOOK_EVERY_MS = 250;

const count = z.int().min(0);
const place = z.union([
  z.strictObject({ piece: count, offset: count, before: count, head: count }),
  z.strictObject({ last: count }),
]);
const requestSchema = z.strictObject({
  workflowId: z.string().regex(TAG),
  firstExecutionRunId: z.string().regex(TAG),
  step: z.string().regex(TAG),
  generation: z.int().min(1),
  stdout: place,
  stderr: place,
  /** So many milliseconds it may take until there is something new. */
  waitMs: count.max(LONGEST_WAIT_MS),
});

/** Where to read on; or so many bytes before the end, to begin with. */
export type ReadFrom = OutputPlace | { readonly last: number };

/** Which command's output, and from where on. It carries no path and nothing that is run (promise 5). */
export interface OutputRequest extends CommandKey {
  readonly stdout: ReadFrom;
  readonly stderr: ReadFrom;
  readonly waitMs: number;
}

/** A part of what a command has printed, as the ledger keeps it: with known secrets taken out. */
export interface OutputChunk {
  readonly hostId: string;
  /** `running`, or how it ended. */
  readonly state: string;
  /** It may print more. */
  readonly running: boolean;
  readonly startedAt?: string;
  readonly endedAt?: string;
  /** Nothing in either means that there is nothing more by now. */
  readonly stdout: { readonly base64: string; readonly next: OutputPlace };
  readonly stderr: { readonly base64: string; readonly next: OutputPlace };
}

/** The ledger has no such command, or nobody can read such a request: a sentence that says which. */
export class NoSuchOutput extends Error {
  override name = 'NoSuchOutput';
}

/**
 * Reads on in the output of a command that this ledger has, and of no other; waits for something new or the command's end where it is asked to.
 * Throws {@link NoSuchOutput}.
 */
export async function readOutput(ledger: Ledger, raw: OutputRequest, signal?: AbortSignal): Promise<OutputChunk> {
  const parsed = requestSchema.safeParse(raw);
  if (!parsed.success) throw new NoSuchOutput(`No command is asked for: ${z.prettifyError(parsed.error)}`);
  const { stdout, stderr, waitMs, ...key } = parsed.data;
  const from = {
    stdout: await placed(ledger, key, 'stdout', stdout),
    stderr: await placed(ledger, key, 'stderr', stderr),
  };
  for (const until = performance.now() + waitMs; ;) {
    const chunk = await chunkAt(ledger, key, from);
    const isNews = chunk.stdout.base64 !== '' || chunk.stderr.base64 !== '';
    if (isNews || !chunk.running || performance.now() >= until || signal?.aborted) return chunk;
    await sleep(LOOK_EVERY_MS, undefined, signal ? { signal } : {}).catch(() => undefined);
  }
}

async function placed(ledger: Ledger, key: CommandKey, stream: OutputStream, from: ReadFrom): Promise<OutputPlace> {
  return 'last' in from ? ledger.outputEnd(key, stream, from.last) : from;
}

async function chunkAt(
  ledger: Ledger,
  key: CommandKey,
  from: Readonly<Record<OutputStream, OutputPlace>>,
): Promise<OutputChunk> {
  // Before its output is read: what a command has printed when it has ended is all there is.
  const view = await ledger.read(key);
  if (!view.authorised)
    throw new NoSuchOutput(`The ledger ${ledger.root} (host ${ledger.hostId}) has no command ${view.command}.`);
  const stdout = await ledger.outputAt(key, 'stdout', from.stdout, CHUNK_BYTES);
  const stderr = await ledger.outputAt(key, 'stderr', from.stderr, CHUNK_BYTES);
  return {
    hostId: ledger.hostId,
    ...stateOf(view),
    stdout: { base64: stdout.bytes.toString('base64'), next: stdout.next },
    stderr: { base64: stderr.bytes.toString('base64'), next: stderr.next },
  };
}

function stateOf({
  observation,
  started,
}: CommandView): Pick<OutputChunk, 'state' | 'running' | 'startedAt' | 'endedAt'> {
  const startedAt = started ? { startedAt: started.at } : {};
  switch (observation.state) {
    case 'finished':
    case 'revoked': {
      const { outcome } = observation;
      const { endedAt } = 'endedAt' in outcome ? outcome : {};
      return { state: describeEnd(endOf(outcome)), running: false, ...startedAt, ...(endedAt ? { endedAt } : {}) };
    }
    case 'unknown':
      return { state: describeEnd({ kind: 'unknown', ...observation }), running: false, ...startedAt };
    case 'missing':
      return { state: 'not known here', running: false };
    case 'authorised':
    case 'starting':
      return { state: 'about to start', running: true };
    case 'running':
      return { state: 'running', running: true, ...startedAt };
  }
}
