import { formatDuration } from '../time/duration.js';
import { lasted } from '../time/lasted.js';
import type { MetricCheck } from '../plan/playbook.js';
import type { Reading } from '../watching/reading.js';
import { measuredReading } from './counted.js';
import type { Counted, Measured, Setting } from './measured.js';
import { boundOf, type Bucket } from './histogram-quantile.js';
import { partialSight } from './partial-sight.js';
import { PART_LABEL, type Part } from './promql.js';

/** One sample of an instant vector. A value can be NaN or infinite. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The parts of a query that was put together in promql.ts; the buckets' bounds in the histogram's unit. */
export type Parts = Partial<Record<Exclude<Part, 'bucket'>, number>> & {
  readonly buckets?: readonly Bucket[];
  /** An `le` that is no bound, as it is written; empty where there is none. */
  readonly oddLe?: string;
};

export function partsOf(samples: readonly Sample[]): Parts {
  const isBucket = ({ labels }: Sample) => labels[PART_LABEL] === 'bucket';
  const counts = once(samples.filter(isBucket), 'le');
  // Instances may spell one bound in different ways: "100" and "100.0".
  const buckets = new Map<number, number>();
  for (const [le, count] of counts) {
    const bound = boundOf(le);
    if (bound !== undefined) buckets.set(bound, (buckets.get(bound) ?? 0) + count);
  }
  const odd = [...counts.keys()].find((le) => boundOf(le) === undefined);
  return {
    ...Object.fromEntries(
      once(
        samples.filter((each) => !isBucket(each)),
        PART_LABEL,
      ),
    ),
    ...(buckets.size > 0 ? { buckets: [...buckets].map(([le, count]) => ({ le, count })) } : {}),
    ...(odd === undefined ? {} : { oddLe: odd }),
  };
}

/** The values by what a label says. One that comes twice is no number. */
function once(samples: readonly Sample[], label: string): Map<string, number> {
  const parts = new Map<string, number>();
  for (const { labels, value } of samples) {
    const part = labels[label] ?? '';
    parts.set(part, parts.has(part) ? NaN : value);
  }
  return parts;
}

interface Sight extends Setting {
  readonly freshFor: number;
  readonly selector: string;
  /** Not a stage's own target. */
  readonly ofService: boolean;
}

/** The reading of a ready-made measure from the parts of its query. */
export function partsReading(check: Measured, parts: Parts, sight: Sight): Reading {
  const stale = staleness(parts, sight);
  if (stale !== undefined) return { kind: 'none', text: stale };
  const { durationUnit } = sight.metrics.names;
  const counted: Counted = {
    requests: parts.requests,
    errors: parts.errors,
    unknown: parts.unknown,
    whole: parts.whole ?? parts.requests,
    unrouted: parts.unrouted,
    buckets: parts.buckets?.map(({ le, count }) => ({ le: durationUnit === 's' ? le * 1_000 : le, count })),
    oddLe: parts.oddLe,
    violations: violations(parts),
  };
  return withUnseen(
    measuredReading(check, { counted, instances: sight.ofService ? (parts.targets ?? 0) : undefined }, sight),
    check,
    parts,
    sight,
  );
}

/** How much it grew; undefined where there is no such series and was none in the window. */
function violations({ increase = 0, appeared = 0, known, present }: Parts): number | undefined {
  const counts = [increase, known === undefined ? 0 : appeared];
  // A counter that fell below zero is for the caller to refuse.
  const grown = counts.some((count) => count < 0) ? Math.min(...counts) : Math.max(...counts);
  return present === undefined && grown === 0 ? undefined : grown;
}

/** Why nothing can be said: rates live on for their window after the last sample, so that age is looked at by itself. Ages are seconds. */
export function staleness({ age }: Parts, { metrics: { names }, freshFor, selector }: Sight): string | undefined {
  const series = selector === '' ? names.requests : `${names.requests}{${selector}}`;
  if (age === undefined)
    return `Prometheus has no current sample of ${series}: the service's metrics are gone, or metrics.names and the selector name others`;
  if (!(age * 1_000 <= freshFor))
    return `the newest sample of ${series} is ${lasted(age * 1_000)} old, and may be ${formatDuration(freshFor)} (metrics.prometheus.freshFor)`;
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
