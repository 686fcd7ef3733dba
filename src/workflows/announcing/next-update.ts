import { CancellationScope, condition } from '@temporalio/workflow';
import { backoff } from '../../domain/announcing/backoff.js';
import type { Promised } from '../../domain/run/run-state.js';
import type { Run } from '../run/run.js';

const HOUR = 3_600_000;

/** Keeps what a message promises ("Next update in 10 min", playbook §6 A and D): by then something is said, if only what goes on. */
export class NextUpdate {
  #keeping = false;

  /** @param update says what goes on, and what it promises; it is called with the time of the last news */
  constructor(
    private readonly run: Run,
    private readonly update: (newsAt: number) => void,
  ) {}

  /** A message was said: what was promised before it is kept, and what it promises itself, in milliseconds, is promised now. */
  said(nextUpdate: number | undefined, newsAt = Date.now()): void {
    this.#promised = nextUpdate === undefined ? undefined : { by: Date.now() + nextUpdate, newsAt };
    this.keep();
  }

  /** One wait at a time; without a promise there is none. */
  keep(): void {
    if (this.#keeping || !this.#promised) return;
    this.#keeping = true;
    // Beside everything: a stop of the way forward is just when people wait for it.
    void CancellationScope.nonCancellable(() => this.#waits());
  }

  get #promised(): Promised | undefined {
    return this.run.state.announcements.promised;
  }

  set #promised(promised: Promised | undefined) {
    this.run.state.announcements.promised = promised;
  }

  async #waits(): Promise<void> {
    for (;;) {
      const promised = this.#promised;
      if (!promised) break;
      const kept = await condition(() => this.#promised !== promised, Math.max(1, promised.by - Date.now()), {
        summary: 'the promised next update',
      });
      if (kept) continue;
      this.#promised = undefined;
      this.update(promised.newsAt);
    }
    this.#keeping = false;
  }
}

/** For how long an update promises the next one: as the plan says for an hour, then ever longer, up to four hours. Milliseconds. */
export const untilNextUpdate = (newsAt: number, nextUpdate: number): number =>
  backoff(Date.now() - newsAt, { least: nextUpdate, most: 4 * HOUR, after: HOUR });
