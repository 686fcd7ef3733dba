import { backoff } from '../announcing/backoff.js';

const HOUR = 3_600_000;
const AGAIN = { least: 600_000, most: HOUR, after: HOUR };

/** How far a run's evidence has been taken elsewhere. Epoch milliseconds. */
export interface Copied {
  readonly complete?: unknown;
  readonly copied?: { readonly at: number; readonly bytes: number } | undefined;
  readonly failing?: { readonly since: number; readonly next: number } | undefined;
}

/** Whether evidence of so many bytes, begun at `begunAt`, is to be copied now: each hour while there is something new, and at its end. */
export function copyIsDue({ complete, copied, failing }: Copied, bytes: number, begunAt: number, now: number): boolean {
  if (failing) return now >= failing.next;
  if (complete !== undefined) return true;
  return bytes !== copied?.bytes && now - (copied?.at ?? begunAt) >= HOUR;
}

/** When a copy that has failed since then is tried again: after 10 minutes, and no rarer than each hour. */
export const copyAgainAt = (since: number, now: number): number => now + backoff(now - since, AGAIN);
