import type { Alert } from '../domain/alert.js';
import { takeAlert, type ExternalAlerts } from '../domain/external-alerts.js';
import type { AlertSink } from './alert-sink.js';
import { SignalBudget } from './signal-budget.js';
import { untold } from './untold.js';

/** What became of the alerts of one request. */
export type Delivery =
  | { readonly kind: 'no-go-live' }
  /** Everything is with the go-live; what it knew already took no signal. */
  | { readonly kind: 'delivered'; readonly signals: number }
  /** Something has to wait. */
  | { readonly kind: 'later'; readonly signals: number; readonly retryInSeconds: number };

interface Memory {
  readonly goLive: string;
  readonly budget: SignalBudget;
  seen: ExternalAlerts;
  told: ExternalAlerts;
}

interface Lane {
  /** What is under way or waits, one request after the other. */
  last: Promise<unknown>;
  waiting: number;
  memory?: Memory;
}

/** Requests that may wait for their turn in one environment; more are sent away for a second. */
const WAITING = 10;

/**
 * Takes alerts to go-lives, one request of an environment at a time, and remembers for each go-live what it knows, so that nothing is told twice.
 * Memory is bounded: it is that of the domain's rules, for each environment with an open go-live.
 */
export class Deliveries {
  readonly #lanes = new Map<string, Lane>();

  constructor(
    private readonly sink: AlertSink,
    private readonly now: () => number,
  ) {}

  /** Resolves once the sink has accepted all of them, or says why not. Rejects when the sink can't be asked: what it took until then isn't told again. */
  async deliver(environment: string, alerts: readonly Alert[]): Promise<Delivery> {
    const lane = this.#lanes.get(environment) ?? { last: Promise.resolve(), waiting: 0 };
    if (lane.waiting >= WAITING) return { kind: 'later', signals: 0, retryInSeconds: 1 };
    this.#lanes.set(environment, lane);
    lane.waiting += 1;
    const delivered = lane.last.then(() => this.#next(environment, lane, alerts));
    lane.last = delivered.catch(() => undefined); // told to whoever waits for this one
    try {
      return await delivered;
    } finally {
      lane.waiting -= 1;
      if (lane.waiting === 0 && !lane.memory) this.#lanes.delete(environment);
    }
  }

  async #next(environment: string, lane: Lane, alerts: readonly Alert[]): Promise<Delivery> {
    const goLive = await this.sink.openGoLive(environment);
    // Another go-live knows nothing of what the last one was told.
    if (lane.memory?.goLive !== goLive) delete lane.memory;
    if (goLive === undefined) return { kind: 'no-go-live' };
    const memory = (lane.memory ??= { goLive, budget: new SignalBudget(this.now()), seen: [], told: [] });
    memory.seen = alerts.reduce(takeAlert, memory.seen);
    let signals = 0;
    let left = 0;
    for (const { messages, urgent } of untold(memory.seen, memory.told)) {
      if (!memory.budget.take(messages.length, urgent, this.now())) {
        left += 1;
        continue;
      }
      for (const message of messages) {
        if (!(await this.sink.tell(environment, message))) {
          delete lane.memory;
          return { kind: 'no-go-live' };
        }
        memory.told = takeAlert(memory.told, message);
        signals += 1;
      }
    }
    return left === 0
      ? { kind: 'delivered', signals }
      : { kind: 'later', signals, retryInSeconds: memory.budget.nextInSeconds };
  }
}
