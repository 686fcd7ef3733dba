import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** How a sender proves that it may. Any one of them is enough, for an Alertmanager and a Grafana may use one receiver. */
export interface Keys {
  /** `Authorization: Bearer …` */
  readonly token?: string;
  /** The secret of Grafana's HMAC signature. */
  readonly hmacKey?: string;
  /** The header of the signature, in lower case. */
  readonly signatureHeader: string;
  /** The header of its time. Grafana signs without a time unless one is named there; such a message could be sent again for ever, so it is refused. */
  readonly timestampHeader: string;
}

/** What the headers of a request say about its sender: known, unknown, or to be seen from the signature of the body. */
export type Credentials = 'accepted' | 'refused' | 'signed';

/** How far the time of a signature may be from now, in either direction. */
const TOLERANCE_MS = 300_000;

/** Whether the receiver asks for proof at all. */
export const isGuarded = (keys: Keys): boolean => keys.token !== undefined || keys.hmacKey !== undefined;

/** Judges the headers alone, so that a stranger's body isn't even read. */
export function credentialsOf(headers: IncomingHttpHeaders, keys: Keys): Credentials {
  if (!isGuarded(keys)) return 'accepted';
  const given = /^bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
  if (keys.token !== undefined && isSame(given ?? '', keys.token)) return 'accepted';
  return keys.hmacKey !== undefined && headers[keys.signatureHeader] !== undefined ? 'signed' : 'refused';
}

/** Whether the body is signed as Grafana does it: HMAC-SHA256 over the Unix time in seconds, a colon and the body, in hex; and not long ago. */
export function isSigned(headers: IncomingHttpHeaders, body: Buffer, keys: Keys, now: number): boolean {
  const { [keys.timestampHeader]: timestamp, [keys.signatureHeader]: signature } = headers;
  if (keys.hmacKey === undefined || typeof timestamp !== 'string' || typeof signature !== 'string') return false;
  const expected = createHmac('sha256', keys.hmacKey).update(`${timestamp}:`).update(body).digest('hex');
  const recent = /^\d{1,12}$/.test(timestamp) && Math.abs(now - Number(timestamp) * 1_000) <= TOLERANCE_MS;
  return isSame(signature.toLowerCase(), expected) && recent;
}

/** Compares in a time that tells nothing of where they differ, nor of how long the right one is. */
function isSame(given: string, right: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(right));
}
