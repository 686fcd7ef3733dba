import { setTimeout as sleep } from 'node:timers/promises';

/** How long anything is waited for: far longer than it takes, also beside busy loops. */
const PATIENCE_MS = 180_000;

/** What comes of this, or an error that says what hasn't come. */
export async function within<T>(what: string, work: Promise<T>): Promise<T> {
  const over = new AbortController();
  const tooLong = sleep(PATIENCE_MS, undefined, { signal: over.signal }).then(() => {
    throw new Error(`${what} has not come within ${PATIENCE_MS / 1_000} s.`);
  });
  try {
    return await Promise.race([work, tooLong]);
  } finally {
    over.abort();
    tooLong.catch(() => undefined);
  }
}

/** Asks again and again until there is an answer. */
export async function until<T>(what: string, look: () => Promise<T | undefined>, everyMs = 20): Promise<T> {
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end; await sleep(everyMs)) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error(`${what} has not come within ${PATIENCE_MS / 1_000} s.`);
}
