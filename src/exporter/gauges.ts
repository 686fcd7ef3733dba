import type { MetricMeter } from '@temporalio/common';
import type { Labelled } from '../domain/telemetry/open-runs.js';
import type { OwnMetric } from '../domain/telemetry/own-metrics.js';

/** A gauge that is set as a whole. The exporter forgets no labels: what is gone is 0. */
export class Gauge {
  readonly #set: (value: number, labels: Readonly<Record<string, string>>) => void;
  #known = new Map<string, Labelled>();

  constructor(meter: MetricMeter, { name, help }: OwnMetric) {
    const gauge = meter.createGauge(name, 'float', '', help);
    this.#set = (value, labels) => gauge.set(value, labels);
  }

  /** These are all there are. Values are not negative. */
  set(samples: readonly Labelled[]): void {
    const now = new Map(samples.map((sample) => [JSON.stringify(sample.labels), sample]));
    for (const [key, { labels }] of this.#known) if (!now.has(key)) this.#set(0, labels);
    for (const { labels, value } of samples) this.#set(Math.max(0, value), labels);
    this.#known = new Map([...this.#known, ...now]);
  }
}
