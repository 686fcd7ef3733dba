import { oneLine } from '../text/one-line.js';

/** Who sent a message that doesn't say. */
export const UNKNOWN = 'unknown';
/** Why, of a message that doesn't say. */
export const NO_REASON = 'no reason given';

/** Who sent a message, and why. */
export interface SaidBy {
  readonly reason: string;
  readonly by: string;
}

/** A message counts whatever its payload is (design §4): a bare string is the reason, rubbish is "no reason given". Payloads are claims, not identities. */
export function readSaidBy(payload: unknown): SaidBy {
  if (typeof payload === 'string' && payload.trim()) return { reason: oneLine(payload), by: UNKNOWN };
  const { reason, by } = (
    payload !== null && typeof payload === 'object' && !('unreadable' in payload) ? payload : {}
  ) as { reason?: unknown; by?: unknown };
  return { reason: said(reason) ?? NO_REASON, by: said(by) ?? UNKNOWN };
}

/** An abort, and whether who sends it says that the data can be wrong. */
export interface AbortRequest extends SaidBy {
  readonly data?: boolean;
}

/** The same for an abort: `"data": true` in its payload says that the data can be wrong. */
export function readAbort(payload: unknown): AbortRequest {
  const data = payload !== null && typeof payload === 'object' && 'data' in payload && payload.data === true;
  return { ...readSaidBy(payload), ...(data ? { data } : {}) };
}

const said = (value: unknown) => (typeof value === 'string' && value.trim() ? oneLine(value) : undefined);
