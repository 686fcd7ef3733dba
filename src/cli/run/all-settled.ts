/**
 * Like `Promise.all`, but in the end nothing is under way any more, also when something fails: a call to the server that is still being retried when
 * its connection closes takes the process down with it.
 */
export async function allSettled<T extends readonly Promise<unknown>[] | []>(
  promises: T,
): Promise<{ -readonly [P in keyof T]: Awaited<T[P]> }> {
  await Promise.allSettled(promises);
  return await Promise.all(promises);
}
