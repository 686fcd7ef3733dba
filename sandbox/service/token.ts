import { createHmac, timingSafeEqual } from 'node:crypto';

export interface Claims {
  sub: string;
  role: string;
  /** Expiry, seconds since the epoch. */
  exp: number;
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const sign = (text: string, secret: string): string => createHmac('sha256', secret).update(text).digest('base64url');

/** Issues a JWT (HS256). Every instance that knows the secret accepts it. */
export function issueToken(claims: Claims, secret: string): string {
  const unsigned = `${encode({ alg: 'HS256' })}.${encode(claims)}`;
  return `${unsigned}.${sign(unsigned, secret)}`;
}

/** Reads the claims of a token, or null when its signature is wrong or it has expired at `nowSeconds`. */
export function readToken(token: string, secret: string, nowSeconds: number): Claims | null {
  const [header, payload, signature] = token.split('.');
  if (header === undefined || payload === undefined || signature === undefined) return null;
  const expected = Buffer.from(sign(`${header}.${payload}`, secret));
  const given = Buffer.from(signature);
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) return null;
  // The signature says that this service wrote it, so its shape is known.
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims;
  return claims.exp > nowSeconds ? claims : null;
}
