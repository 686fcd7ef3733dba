/** Does something for each of them, so many at a time. Resolves with what came of each, in their order; rejects when one does. */
export async function atOnce<T, R>(count: number, all: readonly T[], work: (each: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const waiting = [...all.entries()];
  const next = async (): Promise<void> => {
    for (let entry = waiting.shift(); entry !== undefined; entry = waiting.shift())
      results[entry[0]] = await work(entry[1]);
  };
  await Promise.all(Array.from({ length: count }, next));
  return results;
}
