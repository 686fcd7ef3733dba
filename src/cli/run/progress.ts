import type { TimelineEntry } from '../../domain/run/status.js';

/**
 * What has been added to a timeline since its last entry that was shown. A run that continued as new may begin its timeline anew: then it is what
 * happened later than that.
 */
export function entriesAfter(
  timeline: readonly TimelineEntry[],
  last: TimelineEntry | undefined,
  lastIndex: number,
): readonly TimelineEntry[] {
  if (!last) return timeline;
  const there = timeline[lastIndex];
  if (there?.at === last.at && there.what === last.what) return timeline.slice(lastIndex + 1);
  return timeline.filter(({ at }) => at > last.at);
}
