import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { SupervisorOrder } from './supervisor-order.js';
import { type LaunchedSupervisor, startAhead, type WaitingSupervisor } from './supervisor-launch.js';

/** So that the start of the next one doesn't compete with that of the command. */
const REFILL_AFTER_MS = 50;
/** After one that ended without an order, or could not be started: whatever the cause, it may be there still. */
const TROUBLE_PAUSE_MS = 10_000;

/**
 * Supervisors that were started ahead of need, so that no command waits for the start of Node. Each serves one command, and has a mark of its own by
 * which the fence finds that command between its fork and its exec: `started.json` names it. Those without an order end when this process does.
 */
export class ReadySupervisors {
  readonly #waiting = new Set<WaitingSupervisor>();
  #closed = false;

  /** @param count how many wait at a time */
  constructor(count: number) {
    for (let each = 0; each < count; each++) void this.#add();
  }

  /** How many wait now. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Gives the order to one that waits. @returns undefined if none does: then start one */
  take(order: SupervisorOrder): LaunchedSupervisor | undefined {
    const [supervisor] = this.#waiting;
    if (!supervisor) return undefined;
    this.#waiting.delete(supervisor);
    supervisor.give(order);
    void this.#addAfter(REFILL_AFTER_MS);
    return supervisor;
  }

  /** Lets those that wait end. */
  async close(): Promise<void> {
    this.#closed = true;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const supervisor of waiting) supervisor.dismiss();
    await Promise.all(waiting.map(({ exited }) => exited));
  }

  async #add(): Promise<void> {
    if (this.#closed) return;
    try {
      const supervisor = await startAhead(randomBytes(16).toString('hex'));
      if (this.#closed) return supervisor.dismiss();
      this.#waiting.add(supervisor);
      void supervisor.exited.then(() => {
        if (this.#waiting.delete(supervisor)) void this.#addAfter(TROUBLE_PAUSE_MS);
      });
    } catch {
      void this.#addAfter(TROUBLE_PAUSE_MS);
    }
  }

  async #addAfter(milliseconds: number): Promise<void> {
    await pause(milliseconds, undefined, { ref: false });
    await this.#add();
  }
}
