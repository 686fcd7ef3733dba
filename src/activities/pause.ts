import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for so many milliseconds, or less when the signal comes. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds > 0) await sleep(milliseconds, undefined, { signal }).catch(() => undefined); // the signal is all that can end it early
}
