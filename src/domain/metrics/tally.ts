import { oneLine } from '../text/one-line.js';
import type { Metrics } from '../plan/playbook/metrics.js';
import type { Counted, MeasuredSource } from './measured.js';
import type { Counter } from './counter-history.js';
import type { Exposition, ScrapedSample } from './exposition.js';
import { boundOf, type Bucket } from './histogram-quantile.js';

type Names = Metrics['names'];

/** What the status of a request says of it; nothing, where there is no such label or it holds no status code. */
type Answered = 'well' | '5xx' | 'unknown';

/** A status code, or the class of one. */
const STATUS = /^[1-5](\d\d|xx)$/i;
const answered = (status = ''): Answered =>
  !STATUS.test(status) ? 'unknown' : status.startsWith('5') ? '5xx' : 'well';

/** Under which headings the counters of an endpoint are added up: what a measure needs to tell apart, and no more. */
type Heading =
  | { readonly of: 'requests'; readonly route: string; readonly method: string; readonly answered: Answered }
  /** As it is written where it is no bound; JSON has no Infinity. */
  | { readonly of: 'bucket'; readonly le: number | string }
  | { readonly of: 'violations' };

/** Counters that can't be compared with those of other scrapes, with the series that shows it. */
export class NotCounters extends Error {}

/**
 * The counters that the ready-made measures are made of, by series. `notTraffic`: see own-paths.ts. Throws NotCounters: a scrape that has one that is no
 * count, or one twice, is none, for left out it would read as nothing counted, and as a new series when it comes back.
 */
export function countersOf({ samples }: Exposition, names: Names, notTraffic: readonly string[]): Map<string, Counter> {
  const counters = new Map<string, Counter>();
  for (const sample of samples) {
    const heading = headingOf(sample, names, notTraffic);
    if (heading === undefined) continue;
    if (!(Number.isFinite(sample.value) && sample.value >= 0))
      throw new NotCounters(`${seriesText(sample)} is ${sample.value}, which is not a count`);
    // To Prometheus an empty label is none.
    const labels = Object.entries(sample.labels).filter(([, value]) => value !== '');
    const series = `${sample.name} ${JSON.stringify(labels.sort())}`;
    if (counters.has(series))
      throw new NotCounters(`it has the series ${seriesText(sample)} twice: several processes behind one address?`);
    counters.set(series, { value: sample.value, heading: JSON.stringify(heading) });
  }
  return counters;
}

/** A series as it stands in the metrics, for people. */
function seriesText({ name, labels }: ScrapedSample): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return oneLine(pairs.length === 0 ? name : `${name}{${pairs.join(',')}}`, 160);
}

function headingOf({ name, labels }: ScrapedSample, names: Names, notTraffic: readonly string[]): Heading | undefined {
  const route = labels[names.route] ?? '';
  switch (name) {
    case names.requests:
      return {
        of: 'requests',
        route,
        method: labels[names.method] ?? '',
        answered: answered(labels[names.status]),
      };
    case `${names.duration}_bucket`: {
      const { le = '' } = labels;
      const bound = boundOf(le);
      return notTraffic.includes(route) ? undefined : { of: 'bucket', le: bound === Infinity ? '+Inf' : (bound ?? le) };
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

/** Whether a duration is a summary: its percentiles are each instance's own, of any time, and nobody can put them together. */
export const isSummary = ({ samples, types }: Exposition, duration: string): boolean =>
  !samples.some(({ name }) => name === `${duration}_bucket`) &&
  (types.get(duration) === 'summary' || samples.some(({ name, labels }) => name === duration && 'quantile' in labels));

/** Seconds since 1970 that a process of our days may have begun at; what lies outside is another unit, or no time at all. */
const isMoment = (seconds: number): boolean => seconds > 1e9 && seconds < 1e11;

/** When the process of an endpoint was started, in epoch milliseconds: it says so itself, or its oldest counter does. */
export function startedAt({ samples }: Exposition): number | undefined {
  const names = new Set(samples.map(({ name }) => name));
  /** A `_created` belongs to a counter, a histogram or a summary beside it; by itself it is anybody's. */
  const ofCounter = (name: string) => {
    const family = name.slice(0, -'_created'.length);
    return ['_total', '_bucket', '_count'].some((suffix) => names.has(family + suffix));
  };
  const said = samples.find(({ name }) => name === 'process_start_time_seconds')?.value;
  const oldest = samples.reduce(
    (least, { name, value }) =>
      name.endsWith('_created') && isMoment(value) && ofCounter(name) ? Math.min(least, value) : least,
    Infinity,
  );
  const seconds = said !== undefined && isMoment(said) ? said : oldest;
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
  let [errors, unknown, whole, unrouted, violations] = [0, 0, 0, 0, 0];
  const buckets: Bucket[] = [];
  for (const [key, count] of grown) {
    const heading = JSON.parse(key) as Heading;
    if (heading.of === 'violations') violations += count;
    else if (heading.of === 'bucket')
      buckets.push({
        le: (boundOf(String(heading.le)) ?? NaN) * (names.durationUnit === 's' ? 1_000 : 1),
        count,
      });
    else {
      if (!notTraffic.includes(heading.route)) whole += count;
      if (heading.route === '') unrouted += count;
      if (!isMeant(heading, source, notTraffic)) continue;
      requests = (requests ?? 0) + count;
      if (heading.answered === '5xx') errors += count;
      if (heading.answered === 'unknown') unknown += count;
    }
  }
  return { requests, errors, unknown, whole, unrouted, buckets, violations };
}

/** The routes that requests were counted of, golive's own looks aside. */
export const routesOf = (grown: ReadonlyMap<string, number>, notTraffic: readonly string[]): Set<string> =>
  knownRoutes(
    [...grown].filter(([, count]) => count > 0).map(([key]) => key),
    notTraffic,
  );

/** The routes among headings, also those that nobody asks now. */
export function knownRoutes(headings: Iterable<string>, notTraffic: readonly string[]): Set<string> {
  const routes = [...headings].flatMap((key) => {
    const heading = JSON.parse(key) as Heading;
    return heading.of === 'requests' && !notTraffic.includes(heading.route) ? [heading.route] : [];
  });
  return new Set(routes);
}

/** The headings of buckets, by their bound. */
export function boundsIn(headings: Iterable<string>): Map<string, string> {
  const bounds = new Map<string, string>();
  for (const heading of headings) {
    const parsed = JSON.parse(heading) as Heading;
    if (parsed.of === 'bucket') bounds.set(String(parsed.le), heading);
  }
  return bounds;
}

/** The `le` of buckets that is no bound, as it is written. */
export const oddLe = (counters: ReadonlyMap<string, Counter>): string | undefined =>
  [...boundsIn([...counters.values()].map(({ heading }) => heading)).keys()].find((le) => boundOf(le) === undefined);

/** Whether a heading counts something that a measure is made of. */
export function isAbout(key: string, source: MeasuredSource, notTraffic: readonly string[]): boolean {
  const heading = JSON.parse(key) as Heading;
  switch (heading.of) {
    case 'requests':
      return source.measure !== 'violations' && isMeant(heading, source, notTraffic);
    case 'bucket':
      return source.measure === 'p95';
    case 'violations':
      return source.measure === 'violations';
  }
}

function isMeant(
  { route, method }: Extract<Heading, { of: 'requests' }>,
  source: MeasuredSource,
  notTraffic: readonly string[],
): boolean {
  if (source.route === undefined) return !notTraffic.includes(route);
  return route === source.route && (source.method === undefined || method === source.method);
}
