import { formatDuration } from '../../domain/time/duration.js';

/** `14:03:09Z`: people compare times across zones at 2 a.m., so they are all UTC and say so. */
export function clock(at: string): string {
  return `${at.slice(11, 19)}Z`;
}

/** The same with its day. */
export function dayAndClock(at: string): string {
  return `${at.slice(0, 10)} ${clock(at)}`;
}

/** How long ago (or, negative, ahead) an ISO time is, from `now` in epoch milliseconds: `3m 10s`. Below a second it is `0s`. */
export function span(at: string, now: number): string {
  const milliseconds = Math.abs(now - Date.parse(at));
  return milliseconds < 1_000 ? '0s' : formatDuration(milliseconds);
}
