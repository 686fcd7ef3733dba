import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { deepest } from '../../domain/text/deepest.js';
import type { GoLiveResult, TimelineEntry } from '../../domain/run/status.js';
import { timelineQuery } from '../../workflows/people/messages.js';
import { allSettled } from './all-settled.js';
import { isGoLiveResult, ANSWER_MS } from './look-at-run.js';
import { clock } from '../terminal/moments.js';
import { entriesAfter } from './progress.js';
import { serverFault } from '../server/server-fault.js';
import { oneLine } from '../terminal/terminal-text.js';
import { WorkflowFailedError } from '../../temporal/sdk.js';

const LOOK_EVERY_MS = 500;
const SERVER_AWAY_MS = 2_000;

/** How a run ended, seen from outside. */
export type Ending =
  { readonly kind: 'result'; readonly result: GoLiveResult } | { readonly kind: 'no-result'; readonly why: string };

export interface Follower {
  /** A line of progress, as it happens. */
  progress(line: string): void;
  /** A remark on the following itself: no worker, no server. */
  remark(text: string): void;
}

/**
 * Follows a run to its end and says what happens on the way. It outlasts workers and the server, for the run does, too.
 * @param seen what has happened before and is not said
 */
export async function followRun(
  client: Client,
  workflowId: string,
  runId: string,
  follower: Follower,
  seen: readonly TimelineEntry[] = [],
): Promise<Ending> {
  const ended = new AbortController();
  const ending = awaitEnd(client, workflowId, runId, follower).finally(() => ended.abort());
  const shown = new Shown(follower, seen);
  const [found] = await allSettled([ending, showProgress(client, workflowId, shown, follower, ended.signal)]);
  if (found.kind === 'result') shown.show(found.result.timeline);
  return found;
}

class Shown {
  #last: TimelineEntry | undefined;
  #index: number;

  constructor(
    private readonly follower: Follower,
    seen: readonly TimelineEntry[],
  ) {
    this.#last = seen.at(-1);
    this.#index = seen.length - 1;
  }

  /** Says what is new, and whether anything was. */
  show(timeline: readonly TimelineEntry[]): boolean {
    const added = entriesAfter(timeline, this.#last, this.#index);
    for (const { at, what } of added) this.follower.progress(`${clock(at)}  ${oneLine(what)}`);
    this.#last = timeline.at(-1) ?? this.#last;
    this.#index = timeline.length - 1;
    return added.length > 0;
  }
}

/** Looks often while something happens and more and more seldom, up to 10 s, while nothing does: a hypercare lasts for days. */
async function showProgress(
  client: Client,
  workflowId: string,
  shown: Shown,
  follower: Follower,
  ended: AbortSignal,
): Promise<void> {
  const handle = client.workflow.getHandle(workflowId);
  let silent = 0;
  for (let quietMs = 0; !ended.aborted;) {
    try {
      const timeline = await client.withDeadline(Date.now() + ANSWER_MS, () => handle.query(timelineQuery));
      if (silent > 1) follower.remark('A worker answers again.');
      silent = 0;
      quietMs = shown.show(timeline) ? 0 : quietMs + LOOK_EVERY_MS;
    } catch {
      // Whatever the reason, the run goes on without an answer; its end is awaited elsewhere.
      silent += 1;
      if (silent === 2 && !ended.aborted)
        follower.remark('No worker answers. The go-live stands still until one is back: golive worker (or golive up).');
    }
    await sleep(Math.min(10_000, Math.max(LOOK_EVERY_MS, quietMs / 10)), undefined, { signal: ended }).catch(
      () => undefined,
    );
  }
}

async function awaitEnd(client: Client, workflowId: string, runId: string, follower: Follower): Promise<Ending> {
  for (let away = false; ;) {
    try {
      const result: unknown = await client.workflow.getHandle(workflowId, runId).result();
      return isGoLiveResult(result)
        ? { kind: 'result', result }
        : { kind: 'no-result', why: 'it ended with a result that golive does not know' };
    } catch (error) {
      if (error instanceof WorkflowFailedError) return { kind: 'no-result', why: deepest(error) };
      const fault = serverFault(error);
      if (fault === undefined) throw error;
      if (!away) follower.remark(`The Temporal server is away: ${fault}. Waiting for it; the go-live is kept there.`);
      away = true;
      await sleep(SERVER_AWAY_MS);
    }
  }
}
