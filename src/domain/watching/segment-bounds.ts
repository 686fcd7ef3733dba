/** A segment that is longer than this ends when its worker dies; a shorter one goes on with another worker, and the history hears nothing of it. */
export const SHORT_SEGMENT_MS = 600_000;
/** A report is missed when it is so late. */
export const TRAVEL_MS = 1_000;

/** How long a segment of watching may take, in milliseconds. The server keeps these times, so they are no events while all is well. */
export interface SegmentBounds {
  /** Until some worker has begun it. */
  readonly startsWithinMs: number;
  /** Until its report is there. */
  readonly endsWithinMs: number;
  /** Whether it goes on with another worker when its own is heard of no more; else it ends then, and the next one is short. */
  readonly outlivesWorker: boolean;
}

/**
 * Nobody is waited for longer than a short segment lasts, however long this one is. `patienceMs`: how long after its end the report may come, in
 * milliseconds; a look may hang, a worker may have to be replaced.
 */
export const segmentBounds = (segmentMs: number, patienceMs: number): SegmentBounds => ({
  startsWithinMs: Math.min(segmentMs, SHORT_SEGMENT_MS) + patienceMs + TRAVEL_MS,
  endsWithinMs: segmentMs + patienceMs + TRAVEL_MS,
  outlivesWorker: segmentMs <= SHORT_SEGMENT_MS,
});
