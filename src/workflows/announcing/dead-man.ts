import { type CancellationScope, isCancellation, sleep, workflowInfo } from '@temporalio/workflow';
import type { PingReport } from '../../activities/announcing/dead-man.js';
import { observeQueue } from '../../domain/run/task-queues.js';
import type { GoLiveStatus } from '../../domain/run/status.js';
import { pinging } from '../activities.js';
import { beside } from '../run/beside.js';
import type { GoLive } from '../run/go-live.js';

/** One activity keeps pinging for so long, when there is nothing to tell. */
const SEGMENT_MS = 2 * 3_600_000;
/** News of pings come no oftener: one that flaps must not fill the history. The first one comes at once. */
const NEWS_MS = 10 * 60_000;
const AGAIN_MS = 60_000;

/** What is known of the pings, to go on with in another run of the same go-live. Epoch milliseconds. */
export interface DeadManState {
  readonly pingedAt?: number;
  readonly failing?: string;
}

/**
 * Sees to it that an outside monitor hears of this run again and again, from the opening to the end, and pages when it doesn't. An activity of its own:
 * it goes on while nothing is watched, and whatever becomes of it, watching and every step go on.
 */
export class DeadMan {
  #state: DeadManState;
  #scope: CancellationScope | undefined;

  constructor(
    private readonly goLive: GoLive,
    carried: DeadManState = {},
  ) {
    this.#state = carried;
  }

  get carried(): DeadManState {
    return this.#state;
  }

  get status(): GoLiveStatus['deadMan'] {
    const { pingedAt, failing } = this.#state;
    if (pingedAt === undefined && failing === undefined) return undefined;
    return {
      ...(pingedAt === undefined ? {} : { pingedAt: new Date(pingedAt).toISOString() }),
      ...(failing === undefined ? {} : { failing }),
    };
  }

  /** Nothing, when the plan names no monitor. */
  start(): void {
    if (!this.goLive.plan.deadMan) return;
    this.#scope = beside(() => this.#ping());
  }

  end(): void {
    this.#scope?.cancel();
  }

  async #ping(): Promise<never> {
    const { keepAlive } = pinging(observeQueue(workflowInfo().taskQueue));
    for (let first = true; ; first = false) {
      const from = Date.now();
      const notBefore = first ? 0 : NEWS_MS;
      const { pingedAt, failing } = this.#state;
      try {
        this.#take(
          await keepAlive({
            planHash: this.goLive.planHash,
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
    const { goLive } = this;
    const before = this.#state;
    this.#state = {
      ...(agoMs === undefined
        ? before.pingedAt === undefined
          ? {}
          : { pingedAt: before.pingedAt }
        : { pingedAt: Date.now() - agoMs }),
      ...(failing === undefined ? {} : { failing }),
    };
    if (failing !== before.failing)
      goLive.record(
        failing === undefined ? "the dead man's ping is taken again" : `the dead man's ping fails: ${failing}`,
      );
    goLive.show();
  }
}
