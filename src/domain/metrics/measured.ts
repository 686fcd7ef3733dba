import type { MetricCheck, Trigger } from '../plan/playbook.js';
import type { Metrics } from '../plan/playbook/metrics.js';
import type { Bucket } from './histogram-quantile.js';

/** What the metrics say about one check over the window, wherever they come from. */
export interface Counted {
  /** Requests it is about; undefined when there is no series of such requests at all. */
  readonly requests?: number | undefined;
  /** Those of them that were answered with 5xx. */
  readonly errors?: number | undefined;
  /** Those of them whose status label is missing or holds no status code: they may be errors. */
  readonly unknown?: number | undefined;
  /** All requests of the service, golive's own looks aside. */
  readonly whole?: number | undefined;
  /** All requests without a route label, whatever asked. */
  readonly unrouted?: number | undefined;
  /** The buckets of the duration histogram, bounds in milliseconds. */
  readonly buckets?: readonly Bucket[] | undefined;
  /** An `le` that is no bound, as it is written; empty where there is none. */
  readonly oddLe?: string | undefined;
  readonly violations?: number | undefined;
}

export type MeasuredSource = Extract<MetricCheck['source'], { measure: string }>;
export type Measured = MetricCheck & { readonly source: MeasuredSource };

/** What a reading is held against, and what the metrics are called. */
export interface Setting {
  readonly metrics: Pick<Metrics, 'names' | 'window'>;
  readonly triggers: readonly Trigger[];
  /** What the preflight noted of this check, once it has. */
  readonly before?: MadeOf | undefined;
  /** Whether to note what it is made of now. */
  readonly notes?: boolean | undefined;
}

/** What the preflight saw a check to be made of, before anything was deployed: what was there and is gone later is unknown (promise 3). */
export interface MadeOf {
  /** Over the window: the requests it is about, and all of the service. */
  readonly requests: number;
  readonly whole: number;
  /** Whether requests have a route label. */
  readonly routed: boolean;
  /** Whether the violations counter had a series. */
  readonly violations: boolean;
  /** The instances that were listed, or the targets that Prometheus scraped. */
  readonly instances: number;
  /** How many requests the duration histogram counted. */
  readonly observed?: number;
  /** Some instances have other routes than others: they share the work by routes. */
  readonly parted?: boolean;
  /** The largest finite bound of the duration histogram, in milliseconds. */
  readonly largestBound?: number;
}
