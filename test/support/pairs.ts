/** Whether this is the long form of the tests (`npm run campaign`). */
export const IN_CAMPAIGN = process.env['GOLIVE_CAMPAIGN'] !== undefined;

/** So many of these cases, from the first on; in the campaign all of them. */
export const usually = <Case>(count: number, cases: readonly Case[]): readonly Case[] =>
  IN_CAMPAIGN ? cases : cases.slice(0, count);

/**
 * Moments and ways to test together where neither matters to the other: each moment once and each way once, in pairs.
 * In the campaign each moment with each way.
 */
export function pairs<A, B>(moments: readonly A[], ways: readonly B[], all = IN_CAMPAIGN): [A, B][] {
  if (all) return moments.flatMap((moment) => ways.map((way): [A, B] => [moment, way]));
  const longer = Math.max(moments.length, ways.length);
  return Array.from({ length: longer }, (_, index) => [moments[index % moments.length]!, ways[index % ways.length]!]);
}
