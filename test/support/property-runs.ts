const asked = process.env['GOLIVE_RUNS'];

/**
 * With how many cases a property is tried: with so many as are quick enough for every change, or, all properties alike, with `GOLIVE_RUNS=5000 npm test`.
 * A case that fails is printed with its seed and path; both go beside `numRuns` to have it again.
 */
export function runs(quick = 100): { numRuns: number } {
  // fast-check would try nothing at all with a number that is none, and be content.
  if (asked !== undefined && !/^[1-9]\d*$/.test(asked))
    throw new Error(`GOLIVE_RUNS is a number of cases, such as 5000, not "${asked}".`);
  return { numRuns: asked === undefined ? quick : Number(asked) };
}
