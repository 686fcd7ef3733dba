import type { Plan } from '../../domain/plan/plan.js';
import type { WatchData } from '../../domain/run/run-state.js';
import type { BlindTime } from '../../domain/watching/blind-text.js';
import type { Firing, Segment } from '../../domain/watching/segment.js';
import { observe } from '../../domain/watching/soak.js';
import { decide } from '../run/evidence.js';

/** Who is told of what a report says. */
export interface Told {
  /** What a segment saw up to a moment, in epoch milliseconds, before anything is made of it. */
  seen(segment: Segment, seenTo: number): void;
  fired(firing: Firing): void;
  /** Checks were blind for a time that is over. Epoch milliseconds. */
  sawAgain(gaps: readonly BlindTime[]): void;
  /** A segment has been reported, or is late. */
  reported(): void;
}

/** Brings what is known of a watch up to date with the report of a segment that began at `from`, epoch milliseconds. `sightLasts`: readings that lie apart by more, in milliseconds, have nothing seen between them. */
export function takeReport(
  data: WatchData,
  plan: Plan,
  { segment, from, sightLasts }: { segment: Segment; from: number; sightLasts: number },
  told: Told,
): void {
  const seenTo = seenUpTo(segment, from, sightLasts);
  const { sight } = data;
  data.sight = {
    ...sight,
    observed: observe(sight.observed, { from: seenTo - segment.observedMs, to: seenTo }, sightLasts),
    ...(segment.lastUncleanAgeMs === undefined ? {} : { lastUnclean: seenTo - segment.lastUncleanAgeMs }),
  };
  told.seen(segment, seenTo);
  if (segment.gaps)
    told.sawAgain(
      segment.gaps.map(({ check, target, fromAgeMs, toAgeMs }) => ({
        check,
        target,
        from: seenTo - fromAgeMs,
        to: seenTo - toAgeMs,
      })),
    );
  const { checks } = data;
  const { fired, known } = decide('report', { known: { ...checks }, segment, seenTo, now: Date.now() }, plan);
  Object.assign(checks, known);
  for (const firing of fired) told.fired(firing);
  told.reported();
}

/**
 * Now, unless more time has passed than it looked, and more than readings stay fresh: then nobody knows when it looked, and it was right away. The worker's
 * own clock is not asked: it may be another.
 */
function seenUpTo({ lengthMs }: Segment, from: number, sightLasts: number): number {
  const now = Date.now();
  return now - (from + lengthMs) > sightLasts ? from + lengthMs : now;
}
