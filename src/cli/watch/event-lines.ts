import type { TimelineEntry } from '../../domain/run/status.js';
import type { Line } from '../terminal/line.js';
import { clock } from '../terminal/moments.js';
import { oneLine } from '../terminal/terminal-text.js';
import type { Section } from './layout.js';

/** What happened, the latest first. @param from so many of the latest are left out: somebody has scrolled down */
export function eventSection(timeline: readonly TimelineEntry[], from = 0): Section {
  const lines = timeline
    .slice(0, timeline.length - from)
    .reverse()
    .map(({ at, what }): Line => [[clock(at), 'dim'], ` ${oneLine(what)}`]);
  return {
    label: 'Events',
    lines,
    rest: (shown) => (shown === 0 ? `${lines.length}` : `${lines.length - shown} earlier`),
    least: 2,
    good: 4,
  };
}
