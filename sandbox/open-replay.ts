import { UNKEPT } from '../src/journals/unkept.js';
import { readFile } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import type { Client } from '@temporalio/client';
import { Worker, type ReplayResult } from '@temporalio/worker';
import { payloadConverterPath } from '../src/temporal/data-converter.js';
import { workflowBundlePath } from '../src/workflow-bundle.js';

interface Recorded {
  readonly workflowId: string;
  readonly history: object;
}

/** Replays every run that the server has, whatever has died on its way. Throws at one that takes another way now. Returns how many they were. */
export async function replayAll(client: Client): Promise<number> {
  const replay = new OpenReplay();
  let count = 0;
  try {
    for await (const { workflowId, runId } of client.workflow.list()) {
      await replay.of({ workflowId, history: await client.workflow.getHandle(workflowId, runId).fetchHistory() });
      count += 1;
    }
    return count;
  } finally {
    await replay.close();
  }
}

/** One replay worker for many histories, one after another: starting one for each would be most of the work. */
export class OpenReplay {
  readonly #histories = new PassThrough({ objectMode: true });
  #results: AsyncIterator<ReplayResult> | undefined;
  #last: Promise<unknown> = Promise.resolve();

  /** @param bundle the path of the workflow bundle that replays */
  constructor(private readonly bundle: string = workflowBundlePath) {}

  /** Replays a history with the code as it is now. Throws when it takes another way. */
  of(recorded: Recorded): Promise<void> {
    const replayed = this.#last.then(() => this.#one(recorded));
    this.#last = replayed.catch(() => undefined);
    return replayed;
  }

  async close(): Promise<void> {
    await this.#last;
    this.#histories.end();
    await this.#results?.next();
  }

  async #one(recorded: Recorded): Promise<void> {
    this.#results ??= await this.#start();
    this.#histories.write(recorded);
    const result = await this.#results.next();
    if (result.done) throw new Error('The replay worker has stopped.');
    if (result.value.error) throw result.value.error;
  }

  async #start(): Promise<AsyncIterator<ReplayResult>> {
    const workflowBundle = { code: await readFile(this.bundle, 'utf8') };
    const histories = this.#histories as AsyncIterable<Recorded>;
    return Worker.runReplayHistories(
      { workflowBundle, dataConverter: { payloadConverterPath }, sinks: UNKEPT },
      histories as never,
    );
  }
}
