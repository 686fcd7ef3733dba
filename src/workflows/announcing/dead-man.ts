import { type CancellationScope, isCancellation, sleep, workflowInfo } from '@temporalio/workflow';
import type { PingReport } from '../../activities/announcing/dead-man.js';
import { observeQueue } from '../../domain/run/task-queues.js';
import { rareSigns } from '../../domain/watching/signs-of-life.js';
import { pinging } from '../activities.js';
import { beside } from '../run/beside.js';
import type { DeadManPort } from '../run/ports.js';
import type { Run } from '../run/run.js';

/** One activity keeps pinging for so long, when there is nothing to tell. */
const SEGMENT_MS = 2 * 3_600_000;
/** News of pings come no oftener: one that flaps must not fill the history. The first one comes at once. */
const NEWS_MS = 10 * 60_000;
const AGAIN_MS = 60_000;

/**
 * Sees to it that an outside monitor hears of this run again and again, from the opening to the end, and pages when it doesn't. An activity of its own:
 * it goes on while nothing is watched, and whatever becomes of it, watching and every step go on.
 */
export class DeadMan implements DeadManPort {
  #scope: CancellationScope | undefined;

  constructor(private readonly run: Run) {}

  /** Nothing, when the plan names no monitor. */
  start(): void {
    const { deadMan } = this.run.plan;
    if (!deadMan) return;
    const { timeoutMs } = rareSigns(deadMan.every);
    this.#scope = beside(() => this.#ping(timeoutMs));
  }

  end(): void {
    this.#scope?.cancel();
  }

  async #ping(heartbeatMs: number): Promise<never> {
    const { keepAlive } = pinging(observeQueue(workflowInfo().taskQueue), heartbeatMs);
    for (let first = true; ; first = false) {
      const from = Date.now();
      const notBefore = first ? 0 : NEWS_MS;
      const { pingedAt, failing } = this.run.state.deadMan;
      try {
        this.#take(
          await keepAlive({
            planHash: this.run.planHash,
            segmentMs: SEGMENT_MS,
            newsAfterMs: notBefore,
            ...(pingedAt === undefined ? {} : { sinceMs: from - pingedAt }),
            ...(failing === undefined ? {} : { failing }),
          }),
        );
      } catch (error) {
        if (isCancellation(error)) throw error;
        // No worker can do it, for want of the plan or a variable: that is told, and tried again.
        this.#take({ failing: 'no worker can ping' });
        await sleep(AGAIN_MS, { summary: 'ping again' });
      }
      // Never a hot loop, whatever comes back early.
      const early = from + notBefore - Date.now();
      if (early > 0) await sleep(early, { summary: 'until the pings are due again' });
    }
  }

  #take({ agoMs, failing }: PingReport): void {
    const { run } = this;
    const before = run.state.deadMan;
    run.state.deadMan = {
      ...(agoMs === undefined
        ? before.pingedAt === undefined
          ? {}
          : { pingedAt: before.pingedAt }
        : { pingedAt: Date.now() - agoMs }),
      ...(failing === undefined ? {} : { failing }),
    };
    if (failing !== before.failing)
      run.record(
        failing === undefined ? "the dead man's ping is taken again" : `the dead man's ping fails: ${failing}`,
      );
    run.show();
  }
}
