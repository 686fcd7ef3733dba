import { readExposition } from '../../domain/metrics/exposition.js';
import { follow, type CounterHistory } from '../../domain/metrics/counter-history.js';
import type { InstanceSight } from '../../domain/metrics/fleet-reading.js';
import { countersOf, hasMetric, isSummary, startedAt } from '../../domain/metrics/tally.js';
import type { Metrics } from '../../domain/playbook/metrics.js';
import { ask } from '../http.js';
import { discover } from './discovery.js';

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
    const { where } = order;
    const list = () =>
      'discovery' in where ? discover(where.discovery, order.timeoutMs, signal) : Promise.resolve(where.instances);
    const instances = await list();
    const sights = await Promise.all(instances.map((base) => this.#scrape(base, order, signal)));
    // An instance that went away in this very moment is not one that can't be scraped.
    const there =
      sights.some((sight) => 'fault' in sight) && 'discovery' in where && !signal.aborted
        ? new Set(await list())
        : undefined;
    this.#histories = new Map([...this.#histories].filter(([base]) => instances.includes(base)));
    return sights.filter(
      (sight, index) => !('fault' in sight) || there === undefined || there.has(instances[index] ?? ''),
    );
  }

  async #scrape(
    base: string,
    { path, headers, metrics, notTraffic, timeoutMs }: Order,
    signal: AbortSignal,
  ): Promise<InstanceSight> {
    const instance = hostOf(base);
    try {
      const { status, body } = await ask(base.replace(/\/$/, '') + path, {
        timeoutMs,
        signal,
        headers: { accept: 'text/plain;version=0.0.4', ...headers },
      });
      if (status !== 200)
        return {
          instance,
          fault: `${path} answered ${status}${status === 401 || status === 403 ? ' (metrics.scrape.bearer)' : ''}`,
        };
      const exposition = readExposition(body);
      const scrape = {
        at: performance.now(),
        wallAt: Date.now(),
        counters: countersOf(exposition, metrics.names, notTraffic),
        startedAt: startedAt(exposition),
      };
      const history = follow(this.#histories.get(base), scrape, metrics.window);
      this.#histories.set(base, history);
      const { names } = metrics;
      const has = new Set(
        [names.requests, names.duration, names.violations].filter((metric) => hasMetric(exposition, metric)),
      );
      return {
        instance,
        history,
        has: (metric) => has.has(metric),
        summary: isSummary(exposition, names.duration),
      };
    } catch (error) {
      return { instance, fault: signal.aborted ? `no answer within ${timeoutMs} ms` : (error as Error).message };
    }
  }
}

/** An address as people know it, without what may be a password in it. */
function hostOf(base: string): string {
  try {
    return new URL(base).host;
  } catch {
    return 'an instance whose address is no URL';
  }
}
