import type { ChildProcess } from 'node:child_process';
import type { BadWay } from '../bad-way.js';
import type { Backend } from '../balancer.js';
import type { InstanceSettings, ListeningMessage } from '../instance.js';
import { endChild, firstMessage, hasEnded, startChild, tell } from './child.js';

/** A place in the fleet: one instance process at a time, on the same port over its restarts. */
export class Slot {
  readonly number: number;
  release: string;
  /** Set for this instance alone; it overrides what is bad about its release. */
  ownBad: BadWay[] | null = null;
  inBalancer = false;
  starts = 0;
  #child: ChildProcess | null = null;
  #port = 0;
  #expected = new WeakSet<ChildProcess>();
  #queue: Promise<unknown> = Promise.resolve();

  constructor(number: number, release: string) {
    this.number = number;
    this.release = release;
  }

  get pid(): number | null {
    return this.#child === null || hasEnded(this.#child) ? null : (this.#child.pid ?? null);
  }

  get port(): number {
    return this.#port;
  }

  get backend(): Backend | null {
    return this.inBalancer && this.pid !== null ? { pid: this.pid, port: this.#port, release: this.release } : null;
  }

  /** Lets one thing at a time happen to this slot. */
  exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => undefined); // The caller gets the error; the queue goes on.
    return result;
  }

  /** Starts the slot's process; resolves when it listens. `died` is called when it ends without having been told to. */
  async start(settings: Omit<InstanceSettings, 'port'>, log: number, died: () => void): Promise<void> {
    const child = startChild('instance', { ...settings, port: this.#port } satisfies InstanceSettings, log);
    this.#child = child;
    this.starts += 1;
    child.once('exit', () => {
      if (!this.#expected.has(child)) died();
    });
    this.#port = (await firstMessage<ListeningMessage>(child)).port;
  }

  turn(bad: readonly BadWay[]): void {
    if (this.#child !== null) tell(this.#child, { type: 'turn', bad });
  }

  async end(): Promise<void> {
    this.inBalancer = false;
    if (this.#child === null) return;
    this.#expected.add(this.#child);
    await endChild(this.#child);
  }
}
