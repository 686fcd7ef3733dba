import { formatDuration } from '../time/duration.js';
import type { Reading } from '../watching/reading.js';
import { contradictsItself, histogramQuantile, isBeyond, oddBound } from './histogram-quantile.js';
import { madeOf, missing, otherBuckets, routeText } from './made-of.js';
import type { Counted, Measured, Setting } from './measured.js';
import { isBad, partialSight } from './partial-sight.js';

/** What was counted, and of how many instances; undefined at a stage's own target. */
export interface Tallied {
  readonly counted: Counted;
  readonly instances: number | undefined;
}

/** The reading of a ready-made measure, or none where what it was made of before the deploy is gone; with what it is made of now. */
export function measuredReading(check: Measured, { counted, instances }: Tallied, setting: Setting): Reading {
  const { before, metrics, notes } = setting;
  const reading = countedReading(check, counted, instances, setting);
  const other = before && otherBuckets(check, setting.triggers, before, counted, metrics.names);
  if (other !== undefined && (reading.kind === 'value' || reading.kind === 'idle'))
    return { kind: 'none', text: other };
  const gone = before && missing(check, before, counted, instances, metrics.names);
  if (gone !== undefined) return partialSight(reading, gone, check, setting.triggers);
  return notes && (reading.kind === 'value' || reading.kind === 'idle')
    ? { ...reading, madeOf: madeOf(counted, instances ?? 0) }
    : reading;
}

/**
 * The reading of a ready-made measure. No 5xx among some requests is a zero; without requests there is nothing to measure. A success is every answer
 * but a 5xx: a 409 for a sold-out item or a 401 for an old token is the caller's, and must not roll back a good release.
 */
function countedReading(check: Measured, counted: Counted, instances: number | undefined, setting: Setting): Reading {
  const { requests, errors, unknown, whole, unrouted, violations } = counted;
  const odd = [requests, errors, unknown, whole, unrouted, violations, instances].find(
    (each) => each !== undefined && !(Number.isFinite(each) && each >= 0),
  );
  if (odd !== undefined)
    return { kind: 'none', text: `the metrics give ${odd} where a number that counts something was expected` };
  switch (check.source.measure) {
    case 'violations':
      return { kind: 'value', value: violations ?? 0 };
    case 'p95':
      return p95Reading(counted, setting);
    case 'error-rate':
    case 'success-rate':
      return shareReading(check, counted, setting);
  }
}

function shareReading(check: Measured, { requests, errors = 0, unknown = 0 }: Counted, setting: Setting): Reading {
  const { source } = check;
  const { names, window } = setting.metrics;
  const of = source.route === undefined ? '' : ` of ${routeText(source)}`;
  if (errors + unknown > 0 && !((requests ?? 0) > 0))
    return { kind: 'none', text: `the metrics count errors${of} and no requests: they contradict themselves` };
  if (requests === undefined)
    return {
      kind: 'idle',
      text: `no requests${of} yet${of && '; if that stays so, compare the route with the label in the metrics'}`,
    };
  if (!(requests > 0)) return { kind: 'idle', text: `no requests${of} in the last ${formatDuration(window)}` };
  const value = (bad: number): Reading & { kind: 'value' } => {
    const share = Math.min(1, Math.max(0, bad / requests));
    return {
      kind: 'value',
      value: source.measure === 'error-rate' ? share : 1 - share,
      text: `of ${countText(requests)}`,
    };
  };
  if (!(unknown > 0)) return value(errors);
  // Promise 3: they count as errors until somebody can tell. What is well even so is well, and what is bad without them is bad.
  const without = `${Math.round(unknown)} of ${countText(requests)} have no status code in the label "${names.status}"`;
  const [least, most] = [value(errors), value(errors + unknown)];
  if (!isBad(check, setting.triggers, most.value)) return { ...most, text: `${most.text}, ${without}` };
  if (isBad(check, setting.triggers, least.value)) return { ...least, inPart: true, text: `${least.text}; ${without}` };
  return {
    kind: 'none',
    text: `${without}: nobody can tell errors from successes; compare metrics.names.status with the labels of ${names.requests}`,
  };
}

const QUANTILE = 0.95;

function p95Reading({ whole = 0, buckets = [], oddLe }: Counted, { metrics: { names, window } }: Setting): Reading {
  const observed = buckets.find(({ le }) => le === Infinity)?.count;
  const compare = 'compare metrics.names.duration and its buckets with the metrics';
  const grew = buckets.some(({ count }) => count > 0);
  if (oddLe !== undefined)
    return { kind: 'none', text: `the metrics have ${oddBound(names.duration, oddLe)}: ${compare}` };
  if (buckets.some(({ count, le }) => !(count >= 0) || Number.isNaN(le)))
    return { kind: 'none', text: `the histogram ${names.duration} gives something that is not a count: ${compare}` };
  if (!(whole > 0) && !grew) return { kind: 'idle', text: `no requests in the last ${formatDuration(window)}` };
  if (!grew)
    return {
      kind: 'none',
      text: `there are ${countText(whole)}, and nothing of them in the histogram ${names.duration}_bucket: ${compare}`,
    };
  if (observed === undefined)
    return { kind: 'none', text: `the histogram ${names.duration} has no +Inf bucket: ${compare}` };
  if (contradictsItself(buckets))
    return {
      kind: 'none',
      text: `the buckets of ${names.duration} contradict each other: a longer one counts fewer, so a part of the service has other buckets or none; ${compare}`,
    };
  const value = histogramQuantile(QUANTILE, buckets);
  if (!Number.isFinite(value))
    return { kind: 'none', text: `there are requests, but their duration histogram gives no p95: ${compare}` };
  const reading = { kind: 'value', value, text: `of ${countText(observed)}` } as const;
  return isBeyond(QUANTILE, buckets) ? { ...reading, moreThan: true } : reading;
}

export const countText = (requests: number): string =>
  requests < 1.5 ? '1 request' : `${Math.round(requests)} requests`;
