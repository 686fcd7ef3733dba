import { formatDuration } from '../duration.js';
import type { MetricCheck, Trigger } from '../playbook.js';
import type { Metrics } from '../playbook/metrics.js';
import type { Reading } from '../reading.js';
import { countedReading, type Counted, type MeasuredSource } from './counted.js';
import { partialSight } from './partial-sight.js';
import { PART_LABEL, type Part } from './promql.js';

/** One sample of an instant vector. A value can be NaN or infinite. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export type Parts = Partial<Record<Part, number>>;

/** The parts of a query that was put together in promql.ts. */
export const partsOf = (samples: readonly Sample[]): Parts =>
  Object.fromEntries(samples.map(({ labels, value }) => [labels[PART_LABEL] ?? '', value]));

interface Sight {
  readonly metrics: Pick<Metrics, 'names' | 'window'>;
  readonly freshFor: number;
  readonly selector: string;
  readonly triggers: readonly Trigger[];
}

/** The reading of a ready-made measure from the parts of its query. */
export function partsReading(
  check: MetricCheck & { readonly source: MeasuredSource },
  parts: Parts,
  sight: Sight,
): Reading {
  const stale = staleness(parts, sight);
  if (stale !== undefined) return { kind: 'none', text: stale };
  const { names, window } = sight.metrics;
  const counted: Counted = {
    requests: parts.requests,
    errors: parts.errors,
    p95: names.durationUnit === 's' && parts.p95 !== undefined ? parts.p95 * 1_000 : parts.p95,
    violations: Math.max(parts.increase ?? 0, parts.known === undefined ? 0 : (parts.appeared ?? 0)),
  };
  return withUnseen(countedReading(check.source, counted, window), check, parts, sight);
}

/** Why nothing can be said: rates live on for their window after the last sample, so that age is looked at by itself. Ages are seconds. */
export function staleness({ age }: Parts, { metrics: { names }, freshFor, selector }: Sight): string | undefined {
  const series = selector === '' ? names.requests : `${names.requests}{${selector}}`;
  if (age === undefined)
    return `Prometheus has no current sample of ${series}: the service's metrics are gone, or metrics.names and the selector name others`;
  if (!(age * 1_000 <= freshFor))
    return `the newest sample of ${series} is ${formatDuration(age * 1_000)} old, and may be ${formatDuration(freshFor)} (metrics.prometheus.freshFor)`;
  return undefined;
}

/** A target that isn't scraped may be the one that is broken. */
export function withUnseen(
  reading: Reading,
  check: MetricCheck,
  { unseen }: Parts,
  { freshFor, triggers }: Sight,
): Reading {
  if (unseen === undefined) return reading;
  return partialSight(
    reading,
    `Prometheus could not scrape ${unseen} of the targets for ${formatDuration(freshFor)} (see up == 0 there)`,
    check,
    triggers,
  );
}
