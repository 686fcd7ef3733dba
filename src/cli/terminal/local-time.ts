import { wallText } from '../../domain/time/wall-text.js';
import { clock, dayAndClock } from './moments.js';

/** A moment as the clocks show it where the terminal is, and in UTC: `12:18:44 (10:18:44Z)`; with its day when that isn't today. `now` and `at` in epoch milliseconds. */
export function localTime(at: number, now: number, zone?: string): string {
  const here = shortTime(at, now, zone);
  return here.endsWith('Z') ? here : `${here} (${clock(new Date(at).toISOString())})`;
}

/** The same without UTC, where that isn't what the clocks show: `12:18:44`. */
export function shortTime(at: number, now: number, zone?: string): string {
  const local = wallText(at, zone);
  const today = local.day === wallText(now, zone).day;
  const here = today ? local.time : `${local.day} ${local.time}`;
  return `${local.day} ${local.time}Z` === dayAndClock(new Date(at).toISOString()) ? `${here}Z` : here;
}
