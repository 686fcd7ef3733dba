import { newest, type Result } from './results.js';
import { moved } from './statistics.js';
import { written } from './tables.js';

/** Fewer values than these say nothing of how much they differ by themselves. */
const LEAST_VALUES = 3;

/** What has moved beyond its noise since then, and what makes the two hard to compare. Lines for people. */
export function compare(before: readonly Result[], after: readonly Result[]): string[] {
  const then = newest(before);
  const pairs = after.filter(isJudged).flatMap((now) => {
    const was = then.find(
      ({ scenario, measure, of }) => scenario === now.scenario && measure === now.measure && of === now.of,
    );
    return was && isJudged(was) ? [{ was, now }] : [];
  });
  const moves = pairs
    .map(({ was, now }) => ({ was, now, move: moved(was, now) }))
    .filter(({ move }) => move !== 'within its noise');
  return [
    ...differences(pairs),
    ...moves.map(({ was, now, move }) => `${nameOf(now)}: ${move}, ${interval(was)} → ${interval(now)}`),
    `${moves.length} of ${pairs.length} measures moved beyond their noise; ${after.length - pairs.length} can't be judged: not there before, or too few values.`,
  ];
}

/** What is counted, or left on a disk, has next to no noise and is taken once. */
const isJudged = ({ n, unit }: Result): boolean => n >= LEAST_VALUES || unit === '' || unit === 'KiB';

function differences(pairs: readonly { was: Result; now: Result }[]): string[] {
  const keys = ['machine', 'node', 'server', 'sdk', 'size'] as const;
  const said = pairs.flatMap(({ was, now }) =>
    keys.flatMap((key) => (was[key] === now[key] ? [] : [`not the same ${key}: ${was[key]} then, ${now[key]} now`])),
  );
  const loads = pairs.map(({ was, now }) => `${now.scenario}: load ${loadOf(was)} then, ${loadOf(now)} now`);
  return [...new Set([...said, ...loads])];
}

export const loadOf = ({ load: [from, to] }: Result): string => `${from.toFixed(1)} to ${to.toFixed(1)}`;

const nameOf = ({ scenario, measure, of }: Result): string => `${scenario}: ${measure} (${of})`;

const interval = ({ median, low, high, unit }: Result): string =>
  `${written(median, unit)} (${written(low, unit)} to ${written(high, unit)})`;
