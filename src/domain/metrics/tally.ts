import type { Metrics } from '../playbook/metrics.js';
import type { Counted, MeasuredSource } from './counted.js';
import type { Counter } from './counter-history.js';
import type { Exposition, ScrapedSample } from './exposition.js';
import { histogramQuantile } from './histogram-quantile.js';

type Names = Metrics['names'];

/** Under which headings the counters of an endpoint are added up: what a measure needs to tell apart, and no more. */
type Heading =
  | { readonly of: 'requests'; readonly route: string; readonly method: string; readonly error: boolean }
  | { readonly of: 'bucket'; readonly le: number | string }
  | { readonly of: 'violations' };

/** The counters that the ready-made measures are made of, by series. `notTraffic`: see own-paths.ts. */
export function countersOf({ samples }: Exposition, names: Names, notTraffic: readonly string[]): Map<string, Counter> {
  const counters = new Map<string, Counter>();
  for (const sample of samples) {
    const heading = headingOf(sample, names, notTraffic);
    // A counter is a number; what isn't can't be compared with the next.
    if (heading && Number.isFinite(sample.value))
      counters.set(`${sample.name} ${JSON.stringify(Object.entries(sample.labels).sort())}`, {
        value: sample.value,
        heading: JSON.stringify(heading),
      });
  }
  return counters;
}

function headingOf({ name, labels }: ScrapedSample, names: Names, notTraffic: readonly string[]): Heading | undefined {
  const route = labels[names.route] ?? '';
  switch (name) {
    case names.requests:
      return {
        of: 'requests',
        route,
        method: labels[names.method] ?? '',
        error: (labels[names.status] ?? '').startsWith('5'),
      };
    case `${names.duration}_bucket`: {
      const le = labels['le'] ?? '';
      return notTraffic.includes(route) ? undefined : { of: 'bucket', le: le === '+Inf' ? le : Number(le) };
    }
    case names.violations:
      return { of: 'violations' };
    default:
      return undefined;
  }
}

/** The metric that a measure can't do without. */
export const metricOf = ({ measure }: MeasuredSource, names: Names): string =>
  measure === 'p95' ? names.duration : measure === 'violations' ? names.violations : names.requests;

/** Whether an endpoint has a metric, be it without a sample yet. OpenMetrics announces counters without `_total`. */
export function hasMetric({ samples, announced }: Exposition, metric: string): boolean {
  return (
    announced.has(metric) ||
    announced.has(metric.replace(/_total$/, '')) ||
    samples.some(({ name }) => name === metric || name === `${metric}_bucket`)
  );
}

/** When the process of an endpoint was started, in epoch milliseconds: it says so itself, or its oldest counter does. */
export function startedAt({ samples }: Exposition): number | undefined {
  const said = samples.find(({ name }) => name === 'process_start_time_seconds')?.value;
  const oldest = samples.reduce(
    (least, { name, value }) => (name.endsWith('_created') && value > 0 ? Math.min(least, value) : least),
    Infinity,
  );
  const seconds = said ?? oldest;
  return Number.isFinite(seconds) ? seconds * 1_000 : undefined;
}

/** What a measure counted, from the growth of all instances under each heading. */
export function countedOf(
  source: MeasuredSource,
  grown: ReadonlyMap<string, number>,
  names: Names,
  notTraffic: readonly string[],
): Counted {
  let requests: number | undefined;
  let errors = 0;
  let violations = 0;
  const buckets: { le: number; count: number }[] = [];
  for (const [key, count] of grown) {
    const heading = JSON.parse(key) as Heading;
    if (heading.of === 'violations') violations += count;
    else if (heading.of === 'bucket')
      buckets.push({
        le: (heading.le === '+Inf' ? Infinity : Number(heading.le)) * (names.durationUnit === 's' ? 1_000 : 1),
        count,
      });
    else if (isMeant(heading, source, notTraffic)) {
      requests = (requests ?? 0) + count;
      if (heading.error) errors += count;
    }
  }
  const observed = buckets.find(({ le }) => le === Infinity)?.count;
  return source.measure === 'p95'
    ? { requests: observed, p95: histogramQuantile(0.95, buckets) }
    : { requests, errors, violations };
}

function isMeant(
  { route, method }: Extract<Heading, { of: 'requests' }>,
  source: MeasuredSource,
  notTraffic: readonly string[],
): boolean {
  if (source.route === undefined) return !notTraffic.includes(route);
  return route === source.route && (source.method === undefined || method === source.method);
}
