import type { MetricMeter } from '@temporalio/common';
import { log, metricMeter } from '@temporalio/workflow';
import { nameOfCounter, OWN_METRICS } from '../../domain/telemetry/own-metrics.js';
import type { Outcome, Stop } from '../../domain/run/status.js';
import { BlindCount } from '../../domain/watching/blind-count.js';
import type { BlindTime } from '../../domain/watching/blind-text.js';
import type { MetricsPort } from './ports.js';

type Counter = 'outcomes' | 'rollbacks' | 'blindSeconds' | 'pagesGivenUp';

/**
 * What a run adds to the metrics of its worker (docs/worker-metrics.md). Nothing is added while a history is replayed, nothing of it is in the history, and a
 * metric that fails is only logged: it never disturbs a run.
 */
export class RunMetrics implements MetricsPort {
  readonly #blind = new BlindCount();
  /** When it was decided that it is rolled back, in epoch milliseconds, until the rollback command has started. */
  #decidedAt: number | undefined;

  constructor(private readonly run: { readonly input: { readonly environment: string } }) {}

  decided(at: number): void {
    this.#decidedAt = at;
  }

  rollsBack(cause: Stop['kind']): void {
    this.#add('rollbacks', 1, { cause });
  }

  rollbackStarted(cause: Stop['kind'], startedAt: string | undefined): void {
    if (this.#decidedAt === undefined || startedAt === undefined) return;
    // Two hosts may have written the moments.
    const seconds = Math.max(0, Date.parse(startedAt) - this.#decidedAt) / 1000;
    this.#decidedAt = undefined;
    const { name, help } = OWN_METRICS.decisionLatency;
    this.#tell((meter) => meter.createHistogram(name, 'float', '', help).record(seconds, { cause }));
  }

  ended(outcome: Outcome): void {
    this.#add('outcomes', 1, { outcome });
  }

  watches(checks: readonly string[]): void {
    for (const check of checks) this.#add('blindSeconds', 0, { check });
  }

  wasBlind(times: readonly BlindTime[]): void {
    for (const [check, seconds] of this.#blind.take(times)) this.#add('blindSeconds', seconds, { check });
  }

  pageGivenUp(): void {
    this.#add('pagesGivenUp', 1);
  }

  #add(which: Counter, value: number, labels: Readonly<Record<string, string>> = {}): void {
    const metric = OWN_METRICS[which];
    this.#tell((meter) => meter.createCounter(nameOfCounter(metric), '', metric.help).add(value, labels));
  }

  #tell(how: (meter: MetricMeter) => void): void {
    try {
      how(metricMeter.withTags({ environment: this.run.input.environment }));
    } catch (error) {
      log.warn('a metric was not counted', { error });
    }
  }
}
