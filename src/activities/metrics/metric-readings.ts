import { fleetReading } from '../../domain/metrics/fleet-reading.js';
import { ownPaths } from '../../domain/metrics/own-paths.js';
import type { MetricCheck } from '../../domain/plan/playbook.js';
import type { Metrics } from '../../domain/plan/playbook/metrics.js';
import type { Reading } from '../../domain/watching/reading.js';
import { SERVICE } from '../../domain/watching/segment.js';
import { redactText } from '../../ledger/redaction.js';
import { resolve, secretValues, type Environment } from '../../plans/variables.js';
import type { Look } from '../watching/readings.js';
import { targetUrl } from '../watching/targets.js';
import { prometheusReading } from './prometheus-reading.js';
import { ScrapeSource, type Whereabouts } from './scrape-source.js';
import { atMost } from '../../domain/time/lasted.js';

/** Two checks that look at the same instances within this time share a scrape; less when they look more often. */
const SHARE_MS = 1_000;
/** A source that nobody looks at is forgotten after this time and two windows. */
const FORGET_AFTER_MS = 3_600_000;

/** Reads metric checks, through Prometheus or from the service's own endpoints. One for the life of a worker: it remembers what it scraped. */
export class MetricReadings {
  readonly #environment: Environment;
  readonly #sources = new Map<string, ScrapeSource>();

  /** @param environment where `${VAR}` resolves */
  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** One look. What goes wrong is a reading of its own, `none` with a sentence. Rejects only when its signal broke it off. */
  async read(look: Look<MetricCheck>): Promise<Reading> {
    const { plan, signal } = look;
    try {
      if (plan.metrics?.prometheus)
        return await prometheusReading(look, plan.metrics, plan.metrics.prometheus, this.#environment);
      if (plan.metrics?.scrape) return await this.#scraped(look, plan.metrics, plan.metrics.scrape);
      return { kind: 'none', text: 'the plan has no metrics: neither prometheus nor scrape' };
    } catch (error) {
      signal.throwIfAborted();
      return { kind: 'none', text: redactText((error as Error).message, this.#secrets(look)) };
    }
  }

  async #scraped(
    { plan, planHash, check, target, signal, before, notes }: Look<MetricCheck>,
    metrics: Metrics,
    scrape: NonNullable<Metrics['scrape']>,
  ): Promise<Reading> {
    const { source } = check;
    if (!('measure' in source)) return { kind: 'none', text: 'a scraped endpoint answers no PromQL' };
    const notTraffic = ownPaths(plan);
    const headers: Record<string, string> =
      scrape.bearer === undefined ? {} : { authorization: `Bearer ${resolve(scrape.bearer, this.#environment)}` };
    const sights = await inTime(
      this.#source(`${planHash} ${target}`, metrics.window).look({
        where: this.#whereabouts(scrape, () => targetUrl(plan, target, this.#environment), target),
        path: scrape.path,
        headers,
        metrics,
        notTraffic,
        // The rest is for telling which instance it was that hung.
        timeoutMs: Math.ceil(0.8 * check.timeout),
        shareMs: Math.min(SHARE_MS, check.every / 2),
      }),
      check.timeout,
      signal,
    );
    return fleetReading({ ...check, source }, sights, {
      metrics,
      notTraffic,
      triggers: plan.triggers,
      before,
      notes,
      ofService: target === SERVICE,
    });
  }

  /** A stage's own target is its own address alone; the service is all its instances. */
  #whereabouts(
    { instances, discovery }: NonNullable<Metrics['scrape']>,
    own: () => string,
    target: string,
  ): Whereabouts {
    if (target === SERVICE && discovery !== undefined) return { discovery: resolve(discovery, this.#environment) };
    if (target === SERVICE && instances !== undefined)
      return { instances: instances.map((each) => resolve(each, this.#environment)) };
    return { instances: [own()] };
  }

  #source(key: string, windowMs: number): ScrapeSource {
    const now = performance.now();
    for (const [each, { lastUsed }] of this.#sources)
      if (now - lastUsed > FORGET_AFTER_MS + 2 * windowMs) this.#sources.delete(each);
    const source = this.#sources.get(key) ?? new ScrapeSource();
    this.#sources.set(key, source);
    return source;
  }

  /** What must not be shown: a server may repeat in its complaint what it was sent. */
  #secrets({ plan }: Look<MetricCheck>): string[] {
    const { prometheus, scrape } = plan.metrics ?? {};
    const written = [prometheus?.bearer, prometheus?.basic?.password, scrape?.bearer].filter(
      (each) => each !== undefined,
    );
    return [...secretValues(plan, this.#environment), ...written.flatMap((text) => this.#resolved(text))];
  }

  #resolved(text: string): string[] {
    try {
      return [resolve(text, this.#environment)];
    } catch {
      return []; // a secret that isn't there can't be shown
    }
  }
}

/** Waits for work that others may wait for as well: it goes on when this look is over. */
async function inTime<T>(work: Promise<T>, timeoutMs: number, signal: AbortSignal): Promise<T> {
  work.catch(() => undefined); // told to whoever still waits
  signal.throwIfAborted();
  let stop = () => {};
  const over = new Promise<never>((_, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`not all instances could be scraped within ${atMost(timeoutMs)}`)),
      timeoutMs,
    );
    const broken = () => reject(new Error('broken off'));
    signal.addEventListener('abort', broken, { once: true });
    stop = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', broken);
    };
  });
  try {
    return await Promise.race([work, over]);
  } finally {
    stop();
  }
}
