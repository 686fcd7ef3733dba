import { NoAnswer, type Answer } from '../../http.js';

/**
 * What is known of a post. `not-accepted`: surely not taken, so the same may be sent again without harm. `refused`: neither, and the same would be refused
 * again. `maybe-sent`: it went out, and nobody knows whether it was taken.
 */
export type Verdict =
  | { readonly state: 'sent' }
  | { readonly state: 'not-accepted'; readonly why: string; readonly retryAfterMs?: number }
  | { readonly state: 'refused' | 'maybe-sent'; readonly why: string };

/** What an answer says. A 503 counts as not accepted only where it asks to come again: others may come from a balancer behind which the post was taken. */
export function verdictOn({ status, body, retryAfterMs }: Answer): Verdict {
  if (status >= 200 && status < 300) return { state: 'sent' };
  if (status === 429 || (status === 503 && retryAfterMs !== undefined)) {
    return {
      state: 'not-accepted',
      why: `it is too busy, ${status}`,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    };
  }
  if (status >= 500 || status < 300) return { state: 'maybe-sent', why: `it answered ${status}` };
  return {
    state: 'refused',
    why:
      status < 400
        ? `it answered ${status}, and redirects are not followed: its address has to be the final one`
        : `it answered ${status}${wordOf(body)}`,
  };
}

/** What no answer says. Only codes are shown: an error's own words may hold the address. */
export function verdictOnSilence(error: unknown): Verdict {
  const code = error instanceof NoAnswer && error.code !== undefined ? ` (${error.code})` : '';
  if (error instanceof NoAnswer && !error.mayHaveArrived)
    return { state: 'not-accepted', why: `there is no connection to it${code}` };
  return { state: 'maybe-sent', why: `it didn't answer${code}` };
}

/** Slack's `no_service` and its like; nothing longer, for a page of an error may repeat the address. */
const wordOf = (body: string): string => (/^[a-z]+(_[a-z]+){0,5}$/.test(body) && body.length <= 40 ? ` ${body}` : '');
