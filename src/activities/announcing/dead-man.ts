import { Context } from '@temporalio/activity';
import { formatDuration } from '../../domain/time/duration.js';
import { ALIVE_QUERY } from '../../domain/people/steering.js';
import { MissingVariable, resolve } from '../../plans/variables.js';
import type { Dependencies } from '../dependencies.js';
import { ask } from '../http.js';
import { ownRun } from '../own-run.js';
import { retryably } from '../patience.js';
import { pause } from '../pause.js';

export interface PingInput {
  readonly planHash: string;
  /** How long to go on if there is nothing to tell, in milliseconds. */
  readonly segmentMs: number;
  /** No news are told earlier than this, in milliseconds. */
  readonly newsAfterMs: number;
  /** How long ago the last ping was taken, in milliseconds; absent when none was yet. */
  readonly sinceMs?: number;
  /** Why the newest wasn't, as far as the workflow knows. */
  readonly failing?: string;
}

/** What has become of the pings. */
export interface PingReport {
  /** How long ago the last one was taken, in milliseconds; absent when none was. */
  readonly agoMs?: number;
  /** Why the newest wasn't; never with the address, which is a secret. */
  readonly failing?: string;
}

export interface DeadManActivities {
  /** Calls the plan's monitor at its interval, for as long as the run answers. Returns when there is news, and at the end of its segment. */
  readonly keepAlive: (input: PingInput) => Promise<PingReport>;
}

/** The run has to answer within this, and so has the monitor. */
const ANSWER_MS = 5_000;

/** It gives a sign of life each time this part of its heartbeat timeout has passed. */
const PART_OF_TIMEOUT = 0.6;

/** The run has ended: nothing is wrong, and nothing is sent. */
const OVER = Symbol('over');

/** What a worker that dies leaves behind. `at`: epoch milliseconds of its clock. */
interface Progress {
  readonly report: PingReport;
  readonly at: number;
}

/** The dead man's ping: it comes only while server, workflow and worker live, for each is asked before. */
export function deadManActivities(
  dependencies: Pick<Dependencies, 'plans' | 'client' | 'environment' | 'shutdown'>,
): DeadManActivities {
  return {
    async keepAlive({ planHash, segmentMs, newsAfterMs, sinceMs, failing: known }) {
      const context = Context.current();
      const { info, cancellationSignal } = context;
      const run = ownRun();
      const { deadMan } = await retryably(() => dependencies.plans.load(planHash));
      if (!deadMan) return {};
      const left = info.heartbeatDetails as Progress | undefined;
      const began = performance.now();
      // Whoever is dead now has pinged so much longer ago. A first attempt was told just now, by the clock of nobody here.
      const waited = left || info.attempt > 1 ? Math.max(0, Date.now() - (left?.at ?? info.scheduledTimestampMs)) : 0;
      const ago = left ? left.report.agoMs : sinceMs;
      let taken = ago === undefined ? undefined : began - waited - ago;
      let failing = left ? left.report.failing : known;
      let next = taken === undefined || failing !== undefined ? began : taken + deadMan.every;
      const report = (): PingReport => ({
        ...(taken === undefined ? {} : { agoMs: performance.now() - taken }),
        ...(failing === undefined ? {} : { failing }),
      });
      const over = AbortSignal.any([cancellationSignal, dependencies.shutdown, AbortSignal.timeout(segmentMs)]);
      const beat = setInterval(
        () => context.heartbeat({ report: report(), at: Date.now() } satisfies Progress),
        PART_OF_TIMEOUT * (info.heartbeatTimeoutMs ?? 5_000),
      );
      try {
        for (;;) {
          await pause(next - performance.now(), over);
          const at = performance.now();
          const fault = over.aborted ? undefined : await ping(deadMan.url, dependencies, run, over);
          // One that was broken off says nothing.
          if (over.aborted || fault === OVER) return report();
          failing = fault;
          if (fault === undefined) taken = at;
          // A monitor that pages after two intervals should not page for one lost packet.
          next = at + (fault === undefined ? deadMan.every : deadMan.every / 4);
          const news = failing !== known || (sinceMs === undefined && taken !== undefined);
          if (news && performance.now() - began >= newsAfterMs) return report();
        }
      } finally {
        clearInterval(beat);
      }
    },
  };
}

/** One ping, if the run answers through the server; says why it wasn't taken. */
async function ping(
  url: string,
  { client, environment }: Pick<Dependencies, 'client' | 'environment'>,
  { workflowId, runId }: { workflowId: string; runId: string },
  over: AbortSignal,
): Promise<string | typeof OVER | undefined> {
  // One for each: whoever listens to the segment's own would do so for hours.
  const signal = AbortSignal.any([over]);
  try {
    const handle = client.workflow.getHandle(workflowId, runId);
    if (
      !(await client.withDeadline(Date.now() + ANSWER_MS, () =>
        client.withAbortSignal(signal, () => handle.query<boolean>(ALIVE_QUERY)),
      ))
    )
      return OVER;
  } catch {
    return `the run did not answer through the server within ${formatDuration(ANSWER_MS)}, so nothing was sent`;
  }
  try {
    const { status } = await ask(resolve(url, environment), { timeoutMs: ANSWER_MS, signal });
    return status >= 200 && status < 300 ? undefined : `the monitor answered ${status}`;
  } catch (error) {
    if (error instanceof MissingVariable) return `this worker lacks the environment variable ${error.variable}`;
    const { code } = ((error as Error).cause ?? {}) as { code?: string };
    return `the monitor can't be reached: ${code === 'ETIMEDOUT' || code === undefined ? `no answer within ${formatDuration(ANSWER_MS)}` : code}`;
  }
}
