import type { Alert } from '../domain/alerts/alert.js';
import { COPY_MS, fires, takeAlert, type ExternalAlerts } from '../domain/alerts/external-alerts.js';
import type { AlertSink, Found } from './alert-sink.js';
import { SignalBudget } from './signal-budget.js';
import { untold } from './untold.js';

/** What became of the alerts of one request. */
export type Delivery =
  | Exclude<Found, { kind: 'open' }>
  /** Everything is with the go-live; what it knew already took no signal. */
  | { readonly kind: 'delivered'; readonly signals: number; readonly triggers?: readonly string[] }
  /** Something has to wait. */
  | { readonly kind: 'later'; readonly signals: number; readonly retryInSeconds: number };

interface Memory {
  readonly goLive: string;
  readonly budget: SignalBudget;
  seen: ExternalAlerts;
  told: ExternalAlerts;
  /** When a firing was told that began before this receiver did, and so may have had an end of which it knows nothing; undefined once it was told twice. */
  readonly old: Map<string, number | undefined>;
}

interface Lane {
  /** What is under way or waits, one request after the other. */
  last: Promise<unknown>;
  waiting: number;
  memory?: Memory;
}

/** Requests that may wait for their turn in one environment; more are sent away for a second. */
const WAITING = 10;
/** So many alerts that fire are remembered of one go-live; more have to wait. No run bears as many signals. */
const MOST_FIRING = 2_000;

/**
 * Takes alerts to go-lives, one request of an environment at a time, and remembers for each go-live what it knows, so that nothing is told twice.
 * Memory is bounded: it is that of the domain's rules, for each environment with an open go-live.
 */
export class Deliveries {
  readonly #lanes = new Map<string, Lane>();
  readonly #began: number;

  constructor(
    private readonly sink: AlertSink,
    private readonly now: () => number,
  ) {
    this.#began = now();
  }

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
    const found = await this.sink.lookFor(environment);
    // Another go-live knows nothing of what the last one was told.
    if (found.kind !== 'open' || lane.memory?.goLive !== found.goLive) delete lane.memory;
    if (found.kind !== 'open') return found;
    const { goLive, triggers } = found;
    const memory = (lane.memory ??= {
      goLive,
      budget: new SignalBudget(this.now()),
      seen: [],
      told: [],
      old: new Map(),
    });
    const taken = fitting(memory.seen, alerts);
    memory.seen = taken.reduce(takeAlert, memory.seen);
    let signals = 0;
    let left = alerts.length - taken.length;
    for (const { messages, urgent } of [
      ...untold(memory.seen, memory.told, this.now()),
      ...this.#toldOnce(memory, taken),
    ]) {
      if (!memory.budget.take(messages.length, urgent, this.now())) {
        left += 1;
        continue;
      }
      for (const message of messages) {
        if (!(await this.sink.tell(environment, message))) {
          delete lane.memory;
          return { kind: 'no-go-live' };
        }
        if (message.state === 'firing' && message.since < this.#began)
          memory.old.set(keyOf(message), memory.old.has(keyOf(message)) ? undefined : this.now());
        memory.told = takeAlert(memory.told, message);
        signals += 1;
      }
    }
    return left === 0
      ? { kind: 'delivered', signals, ...(triggers === undefined ? {} : { triggers }) }
      : { kind: 'later', signals, retryInSeconds: memory.budget.nextInSeconds };
  }

  /**
   * What still fires and was told once, though it began before this receiver did. The go-live may know an end of it from another receiver, or from
   * before a restart, and then takes what it hears once for a stale copy.
   */
  #toldOnce({ old, seen }: Memory, alerts: readonly Alert[]): { messages: Alert[]; urgent: true }[] {
    const stillFire = alerts.filter((alert) => {
      const toldAt = old.get(keyOf(alert));
      const known = seen.find((each) => keyOf(each) === keyOf(alert));
      return (
        alert.state === 'firing' &&
        toldAt !== undefined &&
        this.now() - toldAt >= COPY_MS &&
        known?.firingSince[0] === alert.since
      );
    });
    const once = new Map(stillFire.map((alert) => [keyOf(alert), alert]));
    return [...once.values()].map((alert) => ({ messages: [alert], urgent: true }));
  }
}

const keyOf = ({ trigger, source }: Pick<Alert, 'trigger' | 'source'>) => `${trigger} ${source}`;

/** Those that there is room for: all of what is known, and of what is new until so much fires. */
function fitting(seen: ExternalAlerts, alerts: readonly Alert[]): readonly Alert[] {
  const room = MOST_FIRING - seen.filter(fires).length;
  if (alerts.length <= room) return alerts;
  const known = new Set(seen.map(keyOf));
  let left = Math.max(0, room);
  return alerts.filter((alert) => known.has(keyOf(alert)) || alert.state !== 'firing' || left-- > 0);
}
