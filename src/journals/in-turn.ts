let last: Promise<unknown> = Promise.resolve();

/** One after the other in a process: a disk that hangs holds one of Node's four threads then, and leaves those that look up names and read the ledger. */
export function inTurn<T>(act: () => Promise<T>): Promise<T> {
  const mine = last.then(act);
  last = mine.catch(() => undefined);
  return mine;
}
