import { readExposition } from '../../domain/metrics/exposition.js';
import { follow, type CounterHistory } from '../../domain/metrics/counter-history.js';
import type { InstanceSight } from '../../domain/metrics/fleet-reading.js';
import { countersOf, hasMetric, isSummary, startedAt } from '../../domain/metrics/tally.js';
import type { Metrics } from '../../domain/plan/playbook/metrics.js';
import { ask } from '../http.js';
import { discover } from './discovery.js';
import { atMost } from '../../domain/time/lasted.js';

/** Where a source's instances are, resolved: their addresses, or whom to ask for them. */
export type Whereabouts = { readonly instances: readonly string[] } | { readonly discovery: string };

export interface Order {
  readonly where: Whereabouts;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly metrics: Pick<Metrics, 'names' | 'window'>;
  readonly notTraffic: readonly string[];
  readonly timeoutMs: number;
  /** A scrape that began so short a time ago will do, in milliseconds. */
  readonly shareMs: number;
}

/** The instances of one service or target, with what was counted of each: in the worker's memory, shared by all checks that look at them. */
export class ScrapeSource {
  #histories = new Map<string, CounterHistory>();
  /** When each was listed last, on this process's clock. */
  #listedAt = new Map<string, number>();
  #latest: { readonly began: number; readonly sights: Promise<InstanceSight[]>; underWay: boolean } | undefined;
  lastUsed = performance.now();

  /** One scrape of all instances: never two at a time, and not again when one began a moment ago. Rejects with a sentence when nobody knows which instances there are. */
  look(order: Order): Promise<InstanceSight[]> {
    const now = performance.now();
    this.lastUsed = now;
    if (this.#latest?.underWay || (this.#latest && now - this.#latest.began <= order.shareMs))
      return this.#latest.sights;
    const latest = {
      began: now,
      underWay: true,
      sights: this.#scrapeAll(order).finally(() => (latest.underWay = false)),
    };
    this.#latest = latest;
    return latest.sights;
  }

  async #scrapeAll(order: Order): Promise<InstanceSight[]> {
    // Not a look's own signal: others may wait for the same scrape.
    const signal = AbortSignal.timeout(order.timeoutMs);
    const { where, path, timeoutMs } = order;
    const list = () =>
      'discovery' in where
        ? discover(where.discovery, path, timeoutMs, signal)
        : Promise.resolve([...new Set(where.instances.map((base) => base.replace(/\/$/, '') + path))]);
    const listed = await list();
    // Nobody is listed: what those who were say is about something else.
    if (listed.length === 0) return [];
    const left = this.#haveLeft(listed, order.metrics.window);
    const endpoints = [...listed, ...left];
    const sights = await Promise.all(endpoints.map((endpoint) => this.#scrape(endpoint, order, signal)));
    // An instance that went away in this very moment is not one that can't be scraped.
    const there =
      sights.some((sight, index) => 'fault' in sight && index < listed.length) &&
      'discovery' in where &&
      !signal.aborted
        ? new Set(await list())
        : undefined;
    const counts = (sight: InstanceSight, endpoint: string, index: number) =>
      index < listed.length
        ? !('fault' in sight) || there === undefined || there.has(endpoint)
        : 'history' in sight && sight.has(order.metrics.names.requests);
    const counted = endpoints.filter((endpoint, index) => {
      const sight = sights[index];
      return sight !== undefined && counts(sight, endpoint, index);
    });
    this.#listedAt = new Map([...this.#listedAt].filter(([endpoint]) => counted.includes(endpoint)));
    this.#histories = new Map([...this.#histories].filter(([endpoint]) => counted.includes(endpoint)));
    return sights.filter((_, index) => counted.includes(endpoints[index] ?? ''));
  }

  /**
   * Those that were listed within the window and aren't any more. One that still answers is part of the service for so long: it drains, or the list is
   * not whole. One that doesn't answer has gone.
   */
  #haveLeft(listed: readonly string[], windowMs: number): string[] {
    const now = performance.now();
    for (const endpoint of listed) this.#listedAt.set(endpoint, now);
    return [...this.#listedAt].flatMap(([endpoint, at]) =>
      !listed.includes(endpoint) && now - at <= windowMs ? [endpoint] : [],
    );
  }

  async #scrape(
    endpoint: string,
    { headers, metrics, notTraffic, timeoutMs }: Order,
    signal: AbortSignal,
  ): Promise<InstanceSight> {
    const instance = hostOf(endpoint);
    try {
      const { status, body } = await ask(endpoint, {
        timeoutMs,
        signal,
        headers: { accept: 'text/plain;version=0.0.4', ...headers },
      });
      if (status !== 200)
        return {
          instance,
          fault: `${new URL(endpoint).pathname} answered ${status}${status === 401 || status === 403 ? ' (metrics.scrape.bearer)' : ''}`,
        };
      const exposition = readExposition(body);
      const path = new URL(endpoint).pathname;
      const scrape = {
        at: performance.now(),
        wallAt: Date.now(),
        counters: countersOf(exposition, metrics.names, [...notTraffic, path]),
        startedAt: startedAt(exposition),
      };
      const history = follow(this.#histories.get(endpoint), scrape, metrics.window);
      this.#histories.set(endpoint, history);
      const { names } = metrics;
      const has = new Set(
        [names.requests, names.duration, names.violations].filter((metric) => hasMetric(exposition, metric)),
      );
      return {
        instance,
        history,
        has: (metric) => has.has(metric),
        summary: isSummary(exposition, names.duration),
        path,
      };
    } catch (error) {
      return { instance, fault: signal.aborted ? `no answer within ${atMost(timeoutMs)}` : (error as Error).message };
    }
  }
}

/** An address as people know it, without what may be a password in it. */
function hostOf(endpoint: string): string {
  try {
    return new URL(endpoint).host;
  } catch {
    return 'an instance whose address is not a URL';
  }
}
