import { formatDuration } from '../duration.js';
import type { MetricCheck } from '../playbook.js';
import type { Reading } from '../reading.js';

/** What the metrics say about one check over the window, wherever they come from. */
export interface Counted {
  /** Requests it is about; undefined when there is no series of such requests at all. */
  readonly requests?: number | undefined;
  /** Those of them that were answered with 5xx. */
  readonly errors?: number | undefined;
  /** In milliseconds; NaN when the histogram doesn't tell. */
  readonly p95?: number | undefined;
  readonly violations?: number | undefined;
}

export type MeasuredSource = Extract<MetricCheck['source'], { measure: string }>;

/**
 * The reading of a ready-made measure. No 5xx among some requests is a zero; without requests there is nothing to measure. A success is every answer
 * but a 5xx: a 409 for a sold-out item or a 401 for an old token is the caller's, and must not roll back a good release.
 */
export function countedReading(source: MeasuredSource, counted: Counted, windowMs: number): Reading {
  const window = formatDuration(windowMs);
  if (source.measure === 'violations') return { kind: 'value', value: counted.violations ?? 0 };
  const { requests, errors = 0, p95 = NaN } = counted;
  const of = source.route === undefined ? '' : ` of ${[source.method, source.route].filter(Boolean).join(' ')}`;
  if (requests === undefined)
    return {
      kind: 'idle',
      text: `no requests${of} yet${of && '; if that stays so, compare the route with the label in the metrics'}`,
    };
  if (!(requests > 0)) return { kind: 'idle', text: `no requests${of} in the last ${window}` };
  const text = `of ${countText(requests)}`;
  const share = Math.min(1, Math.max(0, errors / requests));
  switch (source.measure) {
    case 'error-rate':
      return { kind: 'value', value: share, text };
    case 'success-rate':
      return { kind: 'value', value: 1 - share, text };
    case 'p95':
      return Number.isFinite(p95)
        ? { kind: 'value', value: p95, text }
        : {
            kind: 'none',
            text: 'there are requests, but their duration histogram gives no p95: compare metrics.names.duration and its buckets with the metrics',
          };
  }
}

const countText = (requests: number): string => (requests < 1.5 ? '1 request' : `${Math.round(requests)} requests`);
