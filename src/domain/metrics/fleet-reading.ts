import { formatDuration } from '../time/duration.js';
import { lasted, progress } from '../time/lasted.js';
import type { Reading } from '../watching/reading.js';
import { sightLasts } from '../watching/segment.js';
import { measuredReading } from './counted.js';
import type { Measured, Setting } from './measured.js';
import { covers, growthOver, type CounterHistory, type Growth } from './counter-history.js';
import { partialSight } from './partial-sight.js';
import { oddBound } from './histogram-quantile.js';
import { unlikeBuckets, type Grown } from './same-buckets.js';
import { countedOf, isAbout, metricOf, oddLe } from './tally.js';
import { routeText } from './made-of.js';
import { renamed } from './renamed-routes.js';

/** What was seen of one instance: its counters over the last while and which metrics it has, or why it couldn't be scraped. */
export type InstanceSight =
  | {
      readonly instance: string;
      readonly history: CounterHistory;
      readonly has: (metric: string) => boolean;
      /** The duration is a summary: see isSummary. */
      readonly summary?: boolean;
      /** The path it was scraped at, which a discovery may have named: no traffic either. */
      readonly path?: string;
    }
  | { readonly instance: string; readonly fault: string };

/** More restarts of one instance than this within the window are none: several processes share its address, or it never stays up. */
const MOST_RESTARTS = 3;

interface FleetSetting extends Setting {
  readonly notTraffic: readonly string[];
  /** Not a stage's own target, which is one instance. */
  readonly ofService: boolean;
}

/** The reading of a ready-made measure over all instances of the service, each with its own counters. */
export function fleetReading(check: Measured, sights: readonly InstanceSight[], given: FleetSetting): Reading {
  const scraped = sights.flatMap((sight) => ('path' in sight && sight.path !== undefined ? [sight.path] : []));
  const setting = { ...given, notTraffic: [...new Set([...given.notTraffic, ...scraped])] };
  const { metrics, notTraffic, triggers, ofService } = setting;
  const { source } = check;
  const { names, window } = metrics;
  // A violation counts whenever it came; a rate of a time long ago, such as an earlier go-live, tells nothing of now.
  const oldest = check.source.measure === 'violations' ? Infinity : 2 * window + sightLasts(check);
  const faults: string[] = [];
  const growths: (Growth | undefined)[] = [];
  const grownAt: Grown[] = [];
  for (const sight of sights) {
    const fault = faultOf(sight, check, setting);
    if (fault !== undefined) faults.push(`${sight.instance} ${fault}`);
    else if ('history' in sight) {
      const growth = growthOver(sight.history, window, oldest);
      growths.push(growth);
      if (growth) grownAt.push({ instance: sight.instance, history: sight.history, grown: growth.grown });
    }
  }
  // Only the preflight can tell whether they were alike before the deploy.
  const parted = setting.before === undefined || setting.before.parted === true;
  faults.push(...renamed(check, grownAt, notTraffic, names, parted));
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

  const unlike = source.measure === 'p95' ? unlikeBuckets(grownAt, names.duration) : undefined;
  if (unlike !== undefined) return { kind: 'none', text: unlike };
  const counted = countedOf(source, summed(known), names, notTraffic);
  const measured = measuredReading(check, { counted, instances: ofService ? sights.length : undefined }, setting);
  const whole =
    'madeOf' in measured && measured.madeOf && renamed(check, grownAt, notTraffic, names, false).length > 0
      ? { ...measured, madeOf: { ...measured.madeOf, parted: true } }
      : measured;
  const covered = coverage(growths, known, check, window);
  const reading: Reading =
    whole.kind === 'value' && covered !== undefined
      ? { ...whole, inPart: true, text: [whole.text, covered].filter(Boolean).join(', ') }
      : whole;
  return unseen === undefined ? reading : partialSight(reading, unseen, check, triggers);
}

function faultOf(
  sight: InstanceSight,
  { source }: Measured,
  { metrics: { names, window: windowMs }, notTraffic }: FleetSetting,
): string | undefined {
  if ('fault' in sight) return `can't be scraped: ${sight.fault}`;
  const metric = metricOf(source, names);
  if (!sight.has(metric)) return `has no metric ${metric}: compare metrics.names with what it offers`;
  if (source.measure === 'p95' && sight.summary)
    return `has ${metric} as a summary, and only a histogram's buckets make a percentile of a window and of several instances`;
  const odd = source.measure === 'p95' ? oddLe(sight.history.last.counters) : undefined;
  if (odd !== undefined) return `has ${oddBound(names.duration, odd)}`;
  // A counter goes with its process alone: one that goes before has another name or other labels now.
  const gone = [...sight.history.gone.values()].filter((heading) => isAbout(heading, source, notTraffic));
  if (gone.length > 0)
    return `has lost series of ${metric}${source.route === undefined ? '' : ` for ${routeText(source)}`} while its process lives on: compare metrics.names and the check with its names and labels`;
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
  check: Measured,
  windowMs: number,
): string | undefined {
  const shortest = Math.min(...known.map((growth) => (covers(growth, windowMs) ? windowMs : growth.coveredMs)));
  const longest = Math.max(...known.map(({ coveredMs }) => coveredMs));
  if (known.length < all.length) return `${all.length - known.length} of ${all.length} instances scraped only once yet`;
  if (shortest < windowMs) return `window so far ${progress(shortest, windowMs)}`;
  return longest > windowMs + sightLasts(check) ? `in ${lasted(longest)}: nobody looked in between` : undefined;
}

function summed(growths: readonly Growth[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { grown } of growths)
    for (const [heading, count] of grown) sums.set(heading, (sums.get(heading) ?? 0) + count);
  return sums;
}
