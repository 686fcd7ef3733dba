import { formatDuration } from '../duration.js';
import type { MetricCheck, Trigger } from '../playbook.js';
import type { Metrics } from '../playbook/metrics.js';
import type { Reading } from '../reading.js';
import { sightLasts } from '../watching.js';
import { countedReading, type MeasuredSource } from './counted.js';
import { covers, growthOver, type CounterHistory, type Growth } from './counter-history.js';
import { partialSight } from './partial-sight.js';
import { countedOf, metricOf } from './tally.js';

/** What was seen of one instance: its counters over the last while and which metrics it has, or why it couldn't be scraped. */
export type InstanceSight =
  | { readonly instance: string; readonly history: CounterHistory; readonly has: (metric: string) => boolean }
  | { readonly instance: string; readonly fault: string };

/** More restarts of one instance than this within the window are none: several processes share its address, or it never stays up. */
const MOST_RESTARTS = 3;

interface Setting {
  readonly metrics: Pick<Metrics, 'names' | 'window'>;
  readonly notTraffic: readonly string[];
  readonly triggers: readonly Trigger[];
}

/** The reading of a ready-made measure over all instances of the service, each with its own counters. */
export function fleetReading(
  check: MetricCheck & { readonly source: MeasuredSource },
  sights: readonly InstanceSight[],
  { metrics, notTraffic, triggers }: Setting,
): Reading {
  const { names, window } = metrics;
  // A violation counts whenever it came; a rate of a time long ago, such as an earlier go-live, tells nothing of now.
  const oldest = check.source.measure === 'violations' ? Infinity : 2 * window + sightLasts(check);
  const faults: string[] = [];
  const growths: (Growth | undefined)[] = [];
  for (const sight of sights) {
    const fault = faultOf(sight, metricOf(check.source, names), window);
    if (fault !== undefined) faults.push(`${sight.instance} ${fault}`);
    else if ('history' in sight) growths.push(growthOver(sight.history, window, oldest));
  }
  const unseen =
    faults.length === 0
      ? undefined
      : `${faults[0]}${faults.length > 1 ? `, and ${faults.length - 1} more of ${sights.length} instances` : ''}`;
  const known = growths.filter((growth) => growth !== undefined);
  if (known.length === 0)
    return {
      kind: 'none',
      text:
        unseen ??
        (sights.length === 0
          ? 'there is no instance to scrape'
          : 'scraped once: there is nothing to compare it with yet'),
    };

  const whole = countedReading(check.source, countedOf(check.source, summed(known), names, notTraffic), window);
  const covered = coverage(growths, known, check, window);
  const reading: Reading =
    whole.kind === 'value' && covered !== undefined
      ? { ...whole, inPart: true, text: [whole.text, covered].filter(Boolean).join(', ') }
      : whole;
  return unseen === undefined ? reading : partialSight(reading, unseen, check, triggers);
}

function faultOf(sight: InstanceSight, metric: string, windowMs: number): string | undefined {
  if ('fault' in sight) return `can't be scraped: ${sight.fault}`;
  if (!sight.has(metric)) return `has no metric ${metric}: compare metrics.names with what it offers`;
  const { restarts, switches } = sight.history;
  if (switches.length > 0)
    return 'is several processes behind one address, each with counters of its own: list them as metrics.scrape.instances, or name a discovery';
  if (restarts.length > MOST_RESTARTS)
    return `restarted ${restarts.length} times within ${formatDuration(windowMs)}, or is several processes behind one address: then list them as metrics.scrape.instances`;
  return undefined;
}

/** What is wrong with the time the growths cover, in words: too short tells less than the window, too long dilutes it. */
function coverage(
  all: readonly (Growth | undefined)[],
  known: readonly Growth[],
  check: MetricCheck,
  windowMs: number,
): string | undefined {
  const shortest = Math.min(...known.map((growth) => (covers(growth, windowMs) ? windowMs : growth.coveredMs)));
  const longest = Math.max(...known.map(({ coveredMs }) => coveredMs));
  if (known.length < all.length) return `${all.length - known.length} of ${all.length} instances scraped only once yet`;
  if (shortest < windowMs) return `in the last ${formatDuration(shortest)}, not yet ${formatDuration(windowMs)}`;
  return longest > windowMs + sightLasts(check) ? `in ${formatDuration(longest)}: nobody looked in between` : undefined;
}

function summed(growths: readonly Growth[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { grown } of growths)
    for (const [heading, count] of grown) sums.set(heading, (sums.get(heading) ?? 0) + count);
  return sums;
}
