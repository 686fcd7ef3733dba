import { isUpper } from '../plan/playbook/bound.js';
import type { Trigger } from '../plan/playbook.js';
import { largestBound, type Bucket } from './histogram-quantile.js';
import type { Counted, MadeOf, Measured, MeasuredSource } from './measured.js';
import { boundsOf } from './partial-sight.js';

/** How many requests of a route must be missing: fewer may be chance, with this many it is one in 20,000. */
export const TOO_MANY = 10;
/** Paths that lead nowhere have no route in some frameworks: a scanner at night is no fault. */
const MOST_UNROUTED = 0.5;
/** So much of the share of requests that a histogram had it has to keep: one instance of ten may be new without it, its own watch sees that. */
const LEAST_OBSERVED = 0.85;

export function madeOf(counted: Counted, instances: number): MadeOf {
  const { requests = 0, whole = 0, unrouted = 0, violations, buckets = [] } = counted;
  const largest = largestBound(buckets);
  const observed = observedIn(buckets);
  return {
    requests,
    whole,
    routed: whole > 0 && unrouted <= MOST_UNROUTED * whole,
    violations: violations !== undefined,
    instances,
    ...(observed === undefined ? {} : { observed }),
    ...(largest === undefined ? {} : { largestBound: largest }),
  };
}

/** What a check was made of before the deploy and isn't any more, in a sentence; nothing if it still is. `instances`: undefined at a stage's own target. */
export function missing(
  { source }: Pick<Measured, 'source'>,
  before: MadeOf,
  now: Counted,
  instances: number | undefined,
  names: { readonly requests: string; readonly route: string; readonly duration: string; readonly violations: string },
): string | undefined {
  const { requests, whole = 0, unrouted = 0 } = now;
  if (source.measure === 'violations' && before.violations && now.violations === undefined)
    return `${names.violations} had a series before the deploy and has none now: compare metrics.names.violations with the metrics`;
  if (instances !== undefined && instances < before.instances / 2)
    return `${instances} of the ${before.instances} instances from before the deploy are left: what became of the others isn't known`;
  if (source.measure !== 'violations' && before.routed && unrouted > MOST_UNROUTED * whole)
    return `${Math.round(unrouted)} requests have no label "${names.route}", which they had before the deploy: compare metrics.names.route with the labels of ${names.requests}`;
  const { observed: then = 0 } = before;
  const observed = observedIn(now.buckets ?? []) ?? 0;
  const kept = LEAST_OBSERVED * (then / before.whole) * whole;
  if (source.measure === 'p95' && then > 0 && before.whole > 0 && whole >= TOO_MANY && observed < kept)
    return `only ${Math.round(observed)} of ${Math.round(whole)} requests are in the histogram ${names.duration}, and ${Math.round(then)} of ${Math.round(before.whole)} were before the deploy: compare metrics.names.duration with the metrics`;
  // A series that is there and stands still is a route that nobody asks.
  const due = before.whole > 0 ? (before.requests / before.whole) * whole : 0;
  if (source.route !== undefined && requests === undefined && due >= TOO_MANY)
    return `there are no requests of ${routeText(source)}, of which some ${Math.round(due)} would be due among ${Math.round(whole)}, as before the deploy: compare the route and the method with the labels of ${names.requests}`;
  return undefined;
}

/** What the histogram can't tell: the limits its buckets don't reach beyond. Nothing if they do, or aren't known. In milliseconds. */
export function beyondBuckets(
  { name, source, guardrail }: Pick<Measured, 'name' | 'source' | 'guardrail'>,
  triggers: readonly Trigger[],
  { largestBound: largest }: MadeOf,
): string | undefined {
  if (source.measure !== 'p95' || largest === undefined) return undefined;
  const highest = highestLimit({ name, guardrail }, triggers);
  return largest > highest
    ? undefined
    : `the largest bucket of its histogram ends at ${largest} ms, not above ${highest} ms: no percentile beyond it can be told; give the histogram more buckets, or the guardrail and the triggers lower limits`;
}

/** What a histogram's buckets must reach beyond, in milliseconds. */
const highestLimit = ({ name, guardrail }: Pick<Measured, 'name' | 'guardrail'>, triggers: readonly Trigger[]) =>
  Math.max(guardrail.value, ...boundsOf(triggers, name).flatMap((bound) => (isUpper(bound) ? [bound.value] : [])));

/** Milliseconds and seconds are a thousand apart; nobody moves the last bucket so far who keeps the unit. */
const ANOTHER_UNIT = 100;

/**
 * Why the histogram can't be compared with the one before the deploy, in a sentence: its buckets reached beyond every limit and don't any more, or end
 * so far away that they count in another unit. What it says then is neither well nor bad.
 */
export function otherBuckets(
  check: Pick<Measured, 'name' | 'source' | 'guardrail'>,
  triggers: readonly Trigger[],
  before: Pick<MadeOf, 'largestBound'>,
  now: Counted,
  names: { readonly duration: string },
): string | undefined {
  const largest = largestBound(now.buckets ?? []);
  const { largestBound: then } = before;
  if (check.source.measure !== 'p95' || largest === undefined || then === undefined) return undefined;
  const highest = highestLimit(check, triggers);
  const factor = largest / then;
  const short = then > highest && !(largest > highest);
  if (!short && factor < ANOTHER_UNIT && factor > 1 / ANOTHER_UNIT) return undefined;
  return `the largest bucket of ${names.duration} ends at ${largest} ms${short ? `, not above ${highest} ms` : ''}, and ended at ${then} ms before the deploy: it may count in another unit; compare metrics.names.duration and durationUnit with the metrics`;
}

const observedIn = (buckets: readonly Bucket[]): number | undefined => buckets.find(({ le }) => le === Infinity)?.count;

/** A route as people write it: `POST /aris3/pos/checkout`. */
export const routeText = ({ method, route }: MeasuredSource): string => [method, route].filter(Boolean).join(' ');
