import type { Client } from '@temporalio/client';
import { CHUNK_BYTES, type OutputChunk, type ReadFrom } from '../../activities/commands/read-output.js';
import { BEGINNING, type CommandKey } from '../../ledger/ledger.js';
import { hostWithLedger, ledgerHere, runsHistory, whyNoAnswer, type OutputSource } from './output-source.js';
import { commandName, type RunCommand } from './run-commands.js';
import type { RunView } from './run-view.js';

/** What has come of a command's output, from whom, and how the command is. */
export interface OutputNews extends Pick<OutputChunk, 'state' | 'running' | 'startedAt' | 'endedAt'> {
  readonly source: OutputSource;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

/** The host that has the output doesn't answer any more, or not now. */
export class HostAway extends Error {
  override name = 'HostAway';
}

/** Reads on in the output of one command, from whoever has it: this home's ledger, its host, or the run's history. */
export class CommandOutput {
  #source: OutputSource | undefined;
  #hasRead = false;
  #from: { readonly stdout: ReadFrom; readonly stderr: ReadFrom };

  /** @param last begins so many bytes before the end of each stream, instead of at its beginning */
  constructor(
    private readonly client: Client,
    private readonly view: RunView,
    readonly command: RunCommand,
    private readonly ledger: string,
    last?: number,
  ) {
    const from = last === undefined ? BEGINNING : { last };
    this.#from = { stdout: from, stderr: from };
  }

  /**
   * What has come since the last call; nothing in either stream means that there is no more by now. While the command runs it waits for news, so many
   * milliseconds at most. Throws {@link HostAway} when its host, which has answered before, doesn't any more: it may be asked again.
   */
  async next(waitMs = 0): Promise<OutputNews> {
    const source = (this.#source ??= await this.#whole());
    try {
      const chunk = await source.read({ ...this.#key, ...this.#from, waitMs });
      this.#hasRead = true;
      this.#from = { stdout: chunk.stdout.next, stderr: chunk.stderr.next };
      const [stdout, stderr] = [bytesOf(chunk.stdout), bytesOf(chunk.stderr)];
      return { ...chunk, source, stdout, stderr };
    } catch (error) {
      const why = whyNoAnswer(error);
      if (source.kind !== 'host') throw error;
      if (this.#hasRead) throw new HostAway(`${source.where}: ${why}`, { cause: error });
      this.#source = this.#part(`${source.where}: ${why}`);
      return this.next(waitMs);
    }
  }

  async #whole(): Promise<OutputSource> {
    const here = await ledgerHere(this.ledger, this.#key);
    if (here) return here;
    const queue = this.view.remembered?.host;
    return queue === undefined
      ? this.#part('the run has not said which host has its ledger')
      : hostWithLedger(this.client, queue, commandName(this.command));
  }

  #part(why: string): OutputSource {
    return runsHistory(this.client, this.view, this.command, why);
  }

  get #key(): CommandKey {
    const { workflowId, runId, firstRunId = runId } = this.view;
    const { step, generation } = this.command;
    return { workflowId, firstExecutionRunId: firstRunId, step, generation };
  }
}

const bytesOf = ({ base64 }: { readonly base64: string }): Buffer => Buffer.from(base64, 'base64');

/** All that there is of a command's output by now, or so many of the last lines of each stream. */
export async function readToEnd(
  client: Client,
  view: RunView,
  command: RunCommand,
  ledger: string,
  lines?: number,
): Promise<OutputNews> {
  const output = new CommandOutput(client, view, command, ledger, nearEnd(lines));
  let all = await output.next();
  for (let more = all; more.stdout.length > 0 || more.stderr.length > 0;) {
    more = await output.next();
    const stdout = Buffer.concat([all.stdout, more.stdout]);
    const stderr = Buffer.concat([all.stderr, more.stderr]);
    all = { ...more, stdout, stderr };
  }
  return { ...all, stdout: lastLines(all.stdout, lines), stderr: lastLines(all.stderr, lines) };
}

/** How far from the end to begin for so many lines; from the beginning when all are wanted. */
export const nearEnd = (lines?: number): number | undefined => (lines === undefined ? undefined : CHUNK_BYTES);

/** The last lines of these bytes; all of them when no number is given. */
export function lastLines(bytes: Buffer, lines?: number): Buffer {
  if (lines === undefined) return bytes;
  let from = bytes.length;
  for (let left = lines; left > 0 && from > 0; left -= 1) from = bytes.lastIndexOf('\n', from - 2) + 1;
  return bytes.subarray(from);
}
