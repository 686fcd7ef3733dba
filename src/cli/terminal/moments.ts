import { lasted } from '../../domain/time/lasted.js';

/** `14:03:09Z`: people compare times across zones at 2 a.m., so they are all UTC and say so. */
export function clock(at: string): string {
  return `${at.slice(11, 19)}Z`;
}

/** The same with its day. */
export function dayAndClock(at: string): string {
  return `${at.slice(0, 10)} ${clock(at)}`;
}

/** How long ago (or ahead) an ISO time is, from `now` in epoch milliseconds: `3m 10s`, `under 1s`. */
export const span = (at: string, now: number): string => lasted(Math.abs(now - Date.parse(at)));

/** `3m 10s ago`, `just now` */
export const ago = (at: string, now: number): string =>
  now - Date.parse(at) < 1_000 ? 'just now' : `${span(at, now)} ago`;

/** What is to come: `in 3m 10s`, never later than it is; `now`; and what should have come by now: `3m 10s overdue`. */
export function ahead(at: string, now: number): string {
  const left = Date.parse(at) - now;
  if (Math.abs(left) < 1_000) return 'now';
  return left > 0 ? `in ${span(at, now)}` : `${span(at, now)} overdue`;
}
