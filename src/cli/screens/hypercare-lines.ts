import type { GoLiveStatus } from '../../domain/run/status.js';
import { clock, dayAndClock } from '../terminal/moments.js';
import type { Paint } from '../terminal/paint.js';
import { oneLine } from '../terminal/terminal-text.js';

/** The exit criteria of hypercare as they stand, as rows of a table. */
export function criterionRows({ hypercare }: Pick<GoLiveStatus, 'hypercare'>): string[][] {
  return (hypercare?.criteria ?? []).map(({ name, met, detail, earliest }) => [
    met === true ? 'met' : met === false ? 'not met' : 'unknown',
    name,
    `${detail}${earliest === undefined ? '' : `; at the earliest ${dayAndClock(new Date(earliest).toISOString())}`}`,
  ]);
}

export const paintCriterion =
  (paint: Paint) =>
  (cells: string, [state]: readonly string[]): string =>
    paint(state === 'met' ? 'green' : 'yellow', cells);

/** The last review, and when the next one is. */
export function reviewLines({ hypercare }: Pick<GoLiveStatus, 'hypercare'>): string[] {
  if (!hypercare) return [];
  const last = hypercare.reviews.at(-1);
  return [
    ...(last ? [`${clock(last.at)}  ${oneLine(last.text)}`] : []),
    ...(hypercare.nextReview === undefined ? [] : [`next at ${dayAndClock(hypercare.nextReview)}`]),
  ];
}
