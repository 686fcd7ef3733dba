/** One look at a check. `value`: in its unit; none where there was no number. */
export interface Point {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly value?: number;
  readonly standing: 'clean' | 'failing' | 'idle' | 'blind';
  readonly text: string;
}

/** So many of a chart at most. */
export const MOST_POINTS = 600;
/** So many looks on each side of a firing stay. */
const AROUND = 20;
/** What stays of a bucket: its lowest and highest value, and its first look of each bad kind. */
const OF_BUCKET = 4;

/**
 * The points of a chart, at most {@link MOST_POINTS}: of each bucket of time the lowest and the highest value, what failed and what was blind; and all looks
 * around what fired, as far as they fit. In order of time.
 */
export function thinned(points: readonly Point[], firedAt: readonly number[]): Point[] {
  if (points.length <= MOST_POINTS) return [...points];
  const near = firedAt.map((moment) => points.findIndex(({ at }) => at >= moment)).filter((index) => index >= 0);
  const around = points.filter((_, index) => near.some((each) => Math.abs(each - index) <= AROUND));
  const stay = new Set(around.slice(0, MOST_POINTS / 2));
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return [];
  const buckets = Math.floor((MOST_POINTS - stay.size) / OF_BUCKET);
  const bucketOf = ({ at }: Point) =>
    Math.min(buckets - 1, Math.floor(((at - first.at) / (last.at - first.at || 1)) * buckets));
  const inBucket = new Map<number, Point[]>();
  for (const point of points) {
    const all = inBucket.get(bucketOf(point));
    if (all) all.push(point);
    else inBucket.set(bucketOf(point), [point]);
  }
  for (const all of inBucket.values()) for (const each of telling(all)) stay.add(each);
  return points.filter((each) => stay.has(each));
}

function telling(bucket: readonly Point[]): Point[] {
  const valued = bucket.filter(({ value }) => value !== undefined);
  const by = (better: (a: number, b: number) => boolean) =>
    valued.reduce<Point | undefined>(
      (best, each) => (best === undefined || better(each.value ?? 0, best.value ?? 0) ? each : best),
      undefined,
    );
  const found = [
    by((a, b) => a < b),
    by((a, b) => a > b),
    bucket.find(({ standing }) => standing === 'failing'),
    bucket.find(({ standing }) => standing === 'blind') ?? (valued.length === 0 ? bucket[0] : undefined),
  ];
  return found.filter((each) => each !== undefined);
}
